extension ReportScript {
  /// Following a run: changes that a server sends are put into the page.
  static let live = #"""
    function takePart(part) {
      const main = byId("parts");
      let place = main.querySelector(`:scope > [data-part="${CSS.escape(part.id)}"]`);
      if (!place) {
        place = document.createElement("div");
        place.dataset.part = part.id;
        main.append(place);
      }
      if (part.html !== undefined) {
        const fresh = parsed(`<div>${part.html}</div>`);
        fresh.dataset.part = part.id;
        morphChildren(place, fresh);
      }
      gatherTables();
      const table = tables.get(part.id);
      if (table) { table.drop(part.gone || []); table.take(part.rows || []); }
    }
    function arrange(order) {
      const main = byId("parts");
      const places = new Map(Array.from(main.children).map(child => [child.dataset.part, child]));
      places.forEach((child, id) => { if (!order.includes(id)) { child.remove(); } });
      let next = main.firstElementChild;
      order.forEach(id => {
        const child = places.get(id);
        if (!child) { return; }
        if (child !== next) { main.insertBefore(child, next); } else { next = next.nextElementSibling; }
      });
    }
    let lastSaid = -Infinity, unsaid;
    function say(words) {
      // A screen reader is told of no more than one change in ten seconds, and always of the last.
      clearTimeout(unsaid);
      const pause = lastSaid + 10000 - performance.now();
      if (pause > 0) { unsaid = setTimeout(() => say(words), pause); return; }
      lastSaid = performance.now();
      byId("said").textContent = words;
    }
    function sayChange(change, before) {
      const ended = (change.trials || []).filter(entry => entry.record.outcome && !(before.get(entry.record.id) || {}).outcome);
      if (ended.length === 1) { const row = trialRow(ended[0].record.id); say(`Trial ${ended[0].record.id}: ${row ? row.querySelector(".outcome").textContent : "ended"}.`); }
      if (ended.length > 1) { say(`${ended.length} trials have ended.`); }
    }
    function take(change) {
      const before = trials;
      (change.parts || []).forEach(takePart);
      if (change.order) { arrange(change.order); }
      takeModel(change);
      if (change.title) { document.title = change.title; }
      document.body.dataset.version = change.version;
      settle();
      sayChange(change, before);
    }

    // The page was made by another server, or is too old to be brought up to date: everything anew, but in place.
    async function takeAnew() {
      const answer = await fetch(location.pathname, {cache: "no-store"});
      if (!answer.ok) { throw new Error(answer.status); }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const data = id => { const place = fresh.getElementById(id); return place ? JSON.parse(place.textContent) : undefined; };
      const renewed = new Map(Array.from(fresh.querySelectorAll("[data-rows]")).map(body => {
        const id = body.id.slice("rows-".length), rows = RowTable.rowsOf(fresh, id).map(row => [row.id, row]);
        body.replaceChildren();
        return [id, rows];
      }));
      morphChildren(byId("parts"), fresh.getElementById("parts"));
      gatherTables();
      tables.forEach((table, id) => {
        const rows = renewed.get(id) || [], keys = new Set(rows.map(([key]) => key));
        table.drop(Array.from(table.rows.keys()).filter(key => !keys.has(key)));
        table.take(rows);
      });
      if (data("report")) { model = data("report"); model.trials = model.trials.map(flat); }
      lessons = data("lessons") || lessons;
      overview = data("overview") || overview;
      index();
      if (data("first")) { takeModel(data("first")); }
      document.title = fresh.title;
      document.body.dataset.version = fresh.body.dataset.version;
      settle();
    }
    function follow() {
      const link = byId("link");
      let source, queue = [], busy = false;
      const state = (word, title) => { link.dataset.state = word; link.textContent = title; };
      async function work() {
        if (busy) { return; }
        busy = true;
        while (queue.length) {
          const next = queue.shift();
          try { if (next === "anew") { queue = []; await takeAnew(); } else { take(next); } }
          catch (error) { state("lost", "The page could not be renewed; load it again."); throw error; }
          await new Promise(done => requestAnimationFrame(done));
        }
        busy = false;
      }
      function open() {
        if (source) { return; }
        source = new EventSource(`events?since=${encodeURIComponent(document.body.dataset.version)}`);
        source.onopen = () => state("live", "live");
        source.onerror = () => {
          const isOver = source.readyState === EventSource.CLOSED;
          state("lost", isOver ? "The server wants the address that smnas serve has printed." : "No connection; trying again …");
        };
        source.addEventListener("change", event => { queue.push(JSON.parse(event.data)); work(); });
        source.addEventListener("anew", () => { queue = ["anew"]; work(); });
      }
      // A page that nobody sees asks for nothing: a browser has six connections to a server.
      function close() { if (source) { source.close(); source = undefined; state("paused", "paused"); } }
      document.addEventListener("visibilitychange", () => { if (document.hidden) { close(); } else { open(); } });
      window.addEventListener("pagehide", close);
      window.addEventListener("pageshow", open);
      open();
    }

    follow();

    """#
}
