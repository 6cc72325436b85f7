extension ReportScript {
  /// What the reader chose stands in the page's address, so that it can be kept and sent to others.
  static let address = #"""
    function keepAddress() {
      const query = new URLSearchParams(location.search);
      const set = (name, value, usual) => { if (value && value !== usual) { query.set(name, value); } else { query.delete(name); } };
      const filter = byId("filter");
      if (filter) { set("filter", filter.value.trim()); }
      set("sort", order ? `${order.descends ? "-" : ""}${order.column + 1}` : "");
      set("compare", pair.join(","));
      document.querySelectorAll("[data-control]").forEach(control => set(control.dataset.control, control.value, control.options[0].value));
      const text = query.toString();
      try { history.replaceState(null, "", `${location.pathname}${text ? "?" + text : ""}${location.hash}`); } catch { /* some browsers let no file change its address */ }
    }
    function takeAddress() {
      const query = new URLSearchParams(location.search);
      document.querySelectorAll("[data-control]").forEach(control => {
        const value = query.get(control.dataset.control);
        if (Array.from(control.options).some(option => option.value === value)) { control.value = value; }
      });
      const sort = /^(-?)([0-9]{1,2})$/.exec(query.get("sort") || "");
      if (sort && Number(sort[2]) > 0) { order = {column: Number(sort[2]) - 1, descends: sort[1] === "-"}; }
      const filter = byId("filter");
      if (filter) { filter.value = query.get("filter") || filter.value; }
      pair = (query.get("compare") || "").split(",").map(meant).filter(id => id !== undefined).slice(0, 2);
    }

    """#
}
