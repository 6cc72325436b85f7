extension ReportScript {
  /// Two trials side by side.
  static let pair = #"""
    // The numbers of the trials that stand side by side.
    let pair = [];
    function curveMetric(chosen) {
      const known = name => chosen.some(trial => trial.curve.some(epoch => epoch.metrics[name] !== undefined));
      const stage = model.stages.find(each => chosen.some(trial => trial.stage === each.name));
      return (stage ? stage.objectives.filter(isAccuracy) : []).concat(["AP", "AP50", "loss"]).find(known);
    }
    function meant(word) {
      const text = word.trim();
      if (/^[0-9]+$/.test(text)) { return trials.has(Number(text)) ? Number(text) : undefined; }
      for (const [id, name] of names) { if (name.toLowerCase() === text.toLowerCase()) { return id; } }
      return undefined;
    }
    function ancestors(trial) {
      const line = [];
      for (let each = trials.get(trial.parent); each && line.length < 50; each = trials.get(each.parent)) { line.push(each.id); }
      return line;
    }
    const spreadOf = (trial, name) => {
      const spread = trial.spreads[name];
      if (!spread) { return undefined; }
      return spread.interval ? [spread.interval.low, spread.interval.high] : [spread.p10, spread.p90];
    };
    function pairLine(title, texts, differs, last) {
      const cells = texts.map(text => element("td", text, {className: differs ? "differs" : ""}));
      return element("tr", [element("th", title, {scope: "row"}), ...cells, element("td", last || "")]);
    }
    function metricLine({name, title}, a, b) {
      const [left, right] = [a.metrics[name], b.metrics[name]];
      if (left === undefined && right === undefined) { return undefined; }
      const cell = trial => {
        const spread = spreadOf(trial, name);
        return [figures(name, trial.metrics[name]), ...(spread ? [element("small", `${figures(name, spread[0])} – ${figures(name, spread[1])}`)] : [])];
      };
      let last = "";
      if (left !== undefined && right !== undefined && left !== right) {
        const change = left === 0 ? "" : ` (${right > left ? "+" : "−"}${Math.abs(100 * (right - left) / left).toFixed(1)} %)`;
        const [one, other] = [spreadOf(a, name), spreadOf(b, name)];
        const overlaps = one && other && one[0] <= other[1] && other[0] <= one[1];
        last = `${right > left ? "+" : "−"}${figures(name, Math.abs(right - left))}${change}${overlaps ? "; the intervals overlap" : ""}`;
      }
      return pairLine(title, [cell(a), cell(b)], left !== right, last);
    }
    function showChosen(body) {
      body.querySelectorAll("button.pick").forEach(button => {
        const isChosen = String(pair.includes(Number(button.dataset.trial)));
        if (button.getAttribute("aria-pressed") !== isChosen) { button.setAttribute("aria-pressed", isChosen); }
      });
    }
    function showPair() {
      const place = byId("side-by-side");
      if (!place) { return; }
      const chart = document.querySelector("[data-chart=pair]");
      if (byId("rows-trials")) { showChosen(byId("rows-trials")); }
      const [a, b] = pair.map(id => trials.get(id));
      chart.hidden = !a || !b || !curveMetric([a, b]);
      if (!a || !b) {
        const words = a ? `${called(a)} is chosen; choose another to put beside it.` : "";
        place.replaceChildren(...(words ? [element("p", words, {className: "note"})] : []));
        return;
      }
      const parts = [a, b].map(trial => trial.design.split(" | "));
      const titles = ["Input", "Backbone", "Neck", "Proposals", "Head"];
      const state = trial => trial.outcome ? trial.outcome.kind || trial.outcome : "open";
      const origin = trial => [trial.origin || "", ...(trial.parent ? [` from ${[trial.id, ...ancestors(trial)].join(" ← ")}`] : [])].join("");
      const words = trial => { const row = trialRow(trial.id); return row ? row.querySelector(".outcome").textContent : String(state(trial)); };
      const lines = titles.map((title, number) => pairLine(title, parts.map(each => element("code", each[number] || "–")),
          parts[0][number] !== parts[1][number]))
        .concat([pairLine("Outcome", [words(a), words(b)], words(a) !== words(b))])
        .concat(model.metrics.map(metric => metricLine(metric, a, b)).filter(Boolean))
        .concat([pairLine("Came from", [origin(a), origin(b)], false)]);
      const head = element("tr", [element("th", ""), element("th", called(a)), element("th", called(b)), element("th", "Difference")]);
      const table = element("table", [element("thead", head), element("tbody", lines)], {className: "pair-table"});
      const pictures = [a, b].map(trial => Array.from(document.querySelectorAll(`figure[data-trial="${trial.id}"]`)).map(each => each.cloneNode(true)));
      const figures_ = pictures.some(each => each.length)
        ? [element("div", pictures.map(each => element("div", each.length ? each : element("p", "no picture", {className: "note"}))), {className: "pair pictures"})] : [];
      const fresh = element("div", [element("div", table, {className: "scroll"}), ...figures_]);
      const old = place.firstElementChild;
      if (old && old.nodeName === "DIV") { morph(old, fresh); } else { place.replaceChildren(fresh); }
      drawAll("pair");
    }
    function choosePair(ids) {
      pair = ids.filter(id => trials.has(id)).slice(0, 2);
      ["left", "right"].forEach((id, number) => {
        const field = byId(id);
        if (field && document.activeElement !== field) { field.value = pair[number] === undefined ? "" : names.get(pair[number]) || pair[number]; }
      });
      showPair();
      keepAddress();
    }
    function pick(id) {
      choosePair(pair.includes(id) ? pair.filter(each => each !== id) : pair.concat(id).slice(-2));
    }
    document.addEventListener("click", event => {
      const button = event.target.closest ? event.target.closest("button") : null;
      if (button && button.classList.contains("pick")) { pick(Number(button.dataset.trial)); }
      if (button && button.id === "swap") { choosePair(pair.slice().reverse()); }
    });
    document.addEventListener("change", event => {
      if (event.target.id !== "left" && event.target.id !== "right") { return; }
      const fields = ["left", "right"].map(byId);
      fields.forEach(field => field.setCustomValidity(field.value.trim() && meant(field.value) === undefined ? "There is no such trial." : ""));
      event.target.reportValidity();
      choosePair(fields.map(field => meant(field.value)).filter(id => id !== undefined));
    });

    """#
}
