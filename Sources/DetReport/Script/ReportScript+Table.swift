extension ReportScript {
  /// The tables: copying, filtering, sorting.
  static let table = #"""
    const copying = button => {
      button.hidden = false;
      if (button.dataset.listens) { return; }
      button.dataset.listens = "yes";
      const code = button.closest("details").querySelector("code");
      button.addEventListener("click", () => {
        const say = word => {
          button.textContent = word;
          setTimeout(() => { button.textContent = "Copy"; }, 1500);
        };
        const select = () => {
          getSelection().selectAllChildren(code);
          say(document.execCommand("copy") ? "Copied" : "Press Ctrl-C");
        };
        if (!navigator.clipboard) { select(); return; }
        navigator.clipboard.writeText(code.textContent).then(() => say("Copied"), select);
      });
    };
    const byId = id => document.getElementById(id);
    const rowTexts = new WeakMap();
    const rowText = row => {
      if (!rowTexts.has(row)) { rowTexts.set(row, row.textContent.toLowerCase()); }
      return rowTexts.get(row);
    };
    const trialRows = () => { const body = byId("rows-trials"); return body ? Array.from(body.rows) : []; };
    function filterRows(changed) {
      const filter = byId("filter");
      if (!filter) { return; }
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      (changed || trialRows()).forEach(row => {
        const hides = !words.every(word => rowText(row).includes(word));
        if (row.hidden !== hides) { row.hidden = hides; }
      });
      const all = trialRows();
      byId("shown").textContent = words.length ? `${all.filter(row => !row.hidden).length} of ${all.length}` : "";
    }
    // The order that the reader chose; null: as the trials came.
    let order = null;
    const sortKey = row => {
      const cell = row.cells[order.column];
      if (cell.dataset.key !== undefined) { return Number(cell.dataset.key); }
      return cell.classList.contains("n") ? null : cell.textContent;
    };
    const compareRows = (a, b) => {
      const left = a.key, right = b.key;
      if (left === null || right === null) { return (left === null) - (right === null); }
      const either = typeof left === "number" ? left - right : left.localeCompare(right);
      return order.descends ? -either : either;
    };
    const sorted = rows => rows.map((row, place) => ({row, place, key: sortKey(row)}))
      .sort((a, b) => compareRows(a, b) || a.place - b.place).map(each => each.row);
    function showOrder() {
      document.querySelectorAll("#trial-table th").forEach((head, column) => {
        if (order && order.column === column) { head.setAttribute("aria-sort", order.descends ? "descending" : "ascending"); }
        else { head.removeAttribute("aria-sort"); }
      });
    }
    function sortRows() {
      const body = byId("rows-trials");
      if (!body || !order || !body.rows.length || order.column >= body.rows[0].cells.length) { return; }
      showOrder();
      body.append(...sorted(Array.from(body.rows)));
    }
    // Rows that were renewed go to their places, the last first; the others stay where they are.
    function placeRows(changed) {
      if (!order || changed.size === 0) { return; }
      const all = sorted(trialRows());
      for (let place = all.length - 1; place >= 0; place -= 1) {
        const next = all[place + 1] || null;
        if (changed.has(all[place]) && all[place].nextElementSibling !== next) { all[place].parentNode.insertBefore(all[place], next); }
      }
    }
    document.addEventListener("click", event => {
      const head = event.target.closest ? event.target.closest("#trial-table th") : null;
      if (head) {
        const column = head.cellIndex;
        order = {column, descends: Boolean(order) && order.column === column && !order.descends};
        sortRows();
        keepAddress();
      }
    });
    document.addEventListener("input", event => {
      if (event.target.id === "filter") { filterRows(); keepAddress(); }
    });
    document.addEventListener("change", event => {
      const kind = event.target.dataset ? event.target.dataset.control : undefined;
      if (kind) { drawAll(kind); keepAddress(); }
    });

    """#
}
