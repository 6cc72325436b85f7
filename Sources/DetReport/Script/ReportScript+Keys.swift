extension ReportScript {
  /// The keyboard's short ways.
  static let keys = #"""
    function step(by) {
      const shown = trialRows();
      const row = document.activeElement.closest("#rows-trials tr");
      const place = row ? shown.indexOf(row) + by : by > 0 ? 0 : shown.length - 1;
      const next = shown[Math.min(Math.max(place, 0), shown.length - 1)];
      if (next) { next.focus({preventScroll: true}); next.scrollIntoView({block: "nearest"}); }
    }
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && event.target.id === "filter") { event.target.value = ""; trialTable().lay(); keepAddress(); return; }
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) { return; }
      const filter = byId("filter");
      if (event.key === "/" && filter) { filter.focus(); filter.scrollIntoView({block: "center"}); }
      else if (event.key === "j") { step(1); }
      else if (event.key === "k") { step(-1); }
      else if (event.key === "x") {
        const row = document.activeElement.closest("#rows-trials tr");
        if (row) { pick(Number(row.id.split("-")[1])); }
      } else if (event.key === "s" && byId("left")) { byId("compare").scrollIntoView(); byId("left").focus({preventScroll: true}); }
      else if (event.key === "?" && byId("keys")) { byId("keys").open = true; byId("keys").querySelector("summary").focus(); }
      else { return; }
      event.preventDefault();
    });

    """#
}
