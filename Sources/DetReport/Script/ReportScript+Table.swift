extension ReportScript {
  /// The tables: copying, filtering, sorting, and keeping only so many rows in the page as somebody looks at.
  static let table = #"""
    const byId = id => document.getElementById(id);
    const element = (name, content, more) => {
      const made = Object.assign(document.createElement(name), more);
      made.append(...[].concat(content === undefined ? [] : content));
      return made;
    };
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

    // The order that the reader chose for the table of trials; null: as they came.
    let order = null;
    const sortKey = row => {
      const cell = row.cells[order.column];
      if (!cell) { return null; }
      if (cell.dataset.key !== undefined) { return Number(cell.dataset.key); }
      return cell.classList.contains("n") ? null : cell.textContent;
    };
    const compareKeys = (left, right) => {
      if (left === null || right === null) { return (left === null) - (right === null); }
      const either = typeof left === "number" ? left - right : left.localeCompare(right);
      return order.descends ? -either : either;
    };

    const rowTexts = new WeakMap();
    const rowText = row => {
      if (!rowTexts.has(row)) { rowTexts.set(row, row.textContent.toLowerCase()); }
      return rowTexts.get(row);
    };
    // A long table. A browser needs seconds for a table of thousands of rows, so that those beyond a limit are kept aside.
    class RowTable {
      static step = 250;
      constructor(id) {
        this.id = id;
        this.rows = new Map();
        this.limit = RowTable.step;
        RowTable.rowsOf(document, id).forEach(row => this.rows.set(row.id, row));
      }
      // All rows of a table in a document as it came: those in its place, and those that were put aside, which are taken out.
      static rowsOf(page, id) {
        const aside = page.querySelector(`template[data-rest="${CSS.escape(id)}"]`);
        const rest = aside ? Array.from(aside.content.children) : [];
        if (aside) { aside.remove(); }
        return Array.from(page.getElementById("rows-" + id).rows).concat(rest);
      }
      get body() { return byId("rows-" + this.id); }
      get isOfTrials() { return this.id === "trials"; }
      take(rows) {
        rows.forEach(([key, row]) => {
          const old = this.rows.get(key), fresh = typeof row === "string" ? parsed(row) : row;
          if (old) { this.rows.set(key, morph(old, fresh)); rowTexts.delete(old); return; }
          fresh.classList.add("fresh");
          this.rows.set(key, fresh);
        });
      }
      drop(keys) {
        keys.forEach(key => {
          if (this.rows.has(key)) { this.rows.get(key).remove(); this.rows.delete(key); }
        });
      }
      get wanted() {
        let rows = Array.from(this.rows.values());
        if (!this.isOfTrials) { return rows; }
        const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
        if (words.length) { rows = rows.filter(row => words.every(word => rowText(row).includes(word))); }
        if (!order) { return rows; }
        return rows.map((row, place) => ({row, place, key: sortKey(row)}))
          .sort((a, b) => compareKeys(a.key, b.key) || a.place - b.place).map(each => each.row);
      }
      // Puts into the page what is to be seen; rows that stay are not touched.
      lay() {
        const body = this.body;
        if (!body) { return; }
        const wanted = this.wanted, shown = wanted.slice(0, this.limit), set = new Set(shown);
        Array.from(body.rows).forEach(row => { if (!set.has(row)) { row.remove(); } });
        let next = body.firstElementChild;
        shown.forEach(row => {
          if (row === next) { next = next.nextElementSibling; } else { body.insertBefore(row, next); }
        });
        this.layMore(wanted.length - shown.length);
        if (!this.isOfTrials) { return; }
        showChosen(body);
        byId("shown").textContent = wanted.length < this.rows.size ? `${wanted.length} of ${this.rows.size}` : "";
        document.querySelectorAll("#trial-table th").forEach((head, column) => {
          if (order && order.column === column) { head.setAttribute("aria-sort", order.descends ? "descending" : "ascending"); }
          else { head.removeAttribute("aria-sort"); }
        });
      }
      layMore(rest) {
        const id = "more-" + this.id;
        let place = byId(id);
        if (rest <= 0) { if (place) { place.remove(); } return; }
        if (!place) {
          const button = element("button", "", {type: "button", className: "more"});
          button.addEventListener("click", () => { this.limit += 4 * RowTable.step; this.lay(); });
          place = element("p", button, {id, className: "controls"});
          place.dataset.own = "";
          this.body.closest(".scroll").after(place);
        }
        place.firstElementChild.textContent = `Show ${Math.min(rest, 4 * RowTable.step)} more of ${rest} that are not shown`;
      }
      // Sees to it that a row is in the page.
      reveal(key) {
        const row = this.rows.get(key);
        if (!row) { return undefined; }
        if (!row.isConnected) {
          const place = this.wanted.indexOf(row);
          if (place < 0) { byId("filter").value = ""; keepAddress(); }
          this.limit = Math.max(this.limit, this.wanted.indexOf(row) + 1);
          this.lay();
        }
        return row;
      }
    }
    const tables = new Map();
    function gatherTables() {
      document.querySelectorAll("[data-rows]").forEach(body => {
        const id = body.id.slice("rows-".length);
        if (!tables.has(id)) { tables.set(id, new RowTable(id)); }
      });
    }
    const layTables = () => tables.forEach(each => each.lay());
    const trialTable = () => tables.get("trials");
    const trialRow = id => trialTable() ? trialTable().rows.get(`trial-${id}`) : undefined;
    const trialRows = () => { const body = byId("rows-trials"); return body ? Array.from(body.rows) : []; };

    document.addEventListener("click", event => {
      const place = event.target.closest ? event.target.closest("#trial-table th, a[href^='#trial-']") : null;
      if (!place) { return; }
      if (place.nodeName === "A") { if (trialTable()) { trialTable().reveal(place.getAttribute("href").slice(1)); } return; }
      const column = place.cellIndex;
      order = {column, descends: Boolean(order) && order.column === column && !order.descends};
      trialTable().lay();
      keepAddress();
    });
    document.addEventListener("input", event => {
      if (event.target.id === "filter") { trialTable().lay(); keepAddress(); }
    });
    document.addEventListener("change", event => {
      const kind = event.target.dataset ? event.target.dataset.control : undefined;
      if (kind) { drawAll(kind); keepAddress(); }
    });
    window.addEventListener("beforeprint", () => tables.forEach(each => { each.kept = each.limit; each.limit = Infinity; each.lay(); }));
    window.addEventListener("afterprint", () => tables.forEach(each => { each.limit = each.kept; each.lay(); }));

    """#
}
