/// The page's own script: draws the charts with plotly.js out of the JSON in the page, sorts and filters.
enum ReportScript {
  static let text = charts + table
}

extension ReportScript {
  fileprivate static let charts = #"""
    "use strict";
    const model = JSON.parse(document.getElementById("report").textContent);
    model.trials = model.trials.map(each => ({...each.record, ...each}));
    const trials = new Map(model.trials.map(trial => [trial.id, trial]));
    const names = new Map();
    const fronts = model.stages.flatMap(stage => stage.fronts.map(front => ({...front, stage})));
    fronts.forEach(front => front.members.forEach(member => names.set(member.trial, member.name)));
    const metrics = new Map(model.metrics.map(metric => [metric.name, metric]));
    const isAccuracy = name => metrics.get(name).isAccuracy;
    const axisTitle = name => metrics.has(name) ? metrics.get(name).axis : name;
    const palette = ["#1f77b4", "#e07b00", "#2a9d5c", "#c43b52", "#8560b8", "#7f6a5b", "#c45fa4",
      "#8a8d1f", "#1498a8", "#4a5fc1"];
    const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const escaped = text => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    const figures = (name, value) => {
      if (value === undefined || value === null) { return "–"; }
      const {digits, steps, isWhole} = metrics.get(name) || {digits: 3, steps: []};
      if (steps.length === 0) { return value.toFixed(digits); }
      const step = steps.find(each => Math.abs(value) >= each.factor * 0.9995) || steps[steps.length - 1];
      const scaled = value / step.factor;
      let decimals = isWhole && step.factor === 1 ? 0 : digits - 1;
      while (decimals > 0 && Math.abs(Number(scaled.toFixed(decimals))) >= 10 ** (digits - decimals)) { decimals -= 1; }
      return scaled.toFixed(decimals) + step.suffix;
    };
    const hover = trial => {
      const name = names.get(trial.id);
      const lines = [`<b>${name ? escaped(name) + " · " : ""}trial ${trial.id}</b>`]
        .concat(escaped(trial.design).split(" | "));
      model.metrics.forEach(({name, title}) => {
        if (trial.metrics[name] === undefined) { return; }
        const spread = trial.spreads[name]
          ? ` (${figures(name, trial.spreads[name].p10)} – ${figures(name, trial.spreads[name].p90)})` : "";
        const mark = trial.marked.includes(name) ? " *, the machine was disturbed" : "";
        lines.push(`${title}  <b>${figures(name, trial.metrics[name])}</b>${spread}${mark}`);
      });
      return lines.join("<br>");
    };

    function layout(x, y, more, range = "tozero") {
      const axis = (text, extra) => Object.assign({
        title: {text, standoff: 12, font: {size: 13, color: colour("--soft")}},
        gridcolor: colour("--line"), zeroline: false, linecolor: colour("--line"),
        tickfont: {size: 12, color: colour("--soft")}, automargin: true, fixedrange: false,
      }, extra);
      return Object.assign({
        xaxis: axis(x, {rangemode: range}), yaxis: axis(y, {rangemode: range}),
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", hovermode: "closest",
        font: {family: getComputedStyle(document.body).fontFamily, color: colour("--ink")},
        hoverlabel: {align: "left", bgcolor: colour("--panel"), bordercolor: colour("--line"),
          font: {family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--ink")}},
        margin: {l: 56, r: 16, t: 16, b: 52}, dragmode: false,
        legend: {orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: {size: 12, color: colour("--soft")}},
      }, more);
    }
    const settings = {responsive: true, displaylogo: false, displayModeBar: false};
    function draw(place, traces, shape) {
      Plotly.react(place, traces, shape, settings);
      if (place.dataset.listens) { return; }
      place.dataset.listens = "yes";
      place.on("plotly_click", event => {
        const id = event.points[0].customdata;
        if (id) { location.hash = "trial-" + id; }
      });
    }

    const drawings = {
      front(place) {
        const front = fronts.find(each => each.id === place.dataset.front);
        const y = front.stage.objectives.find(isAccuracy);
        const x = front.stage.objectives.find(name => !isAccuracy(name));
        const finished = front.trials.map(id => trials.get(id))
          .filter(trial => trial && trial.metrics[x] !== undefined && trial.metrics[y] !== undefined);
        const baseline = finished.filter(trial => trial.id === front.baseline);
        const members = front.members.map(member => trials.get(member.trial))
          .filter(trial => trial && trial.metrics[x] !== undefined)
          .sort((a, b) => a.metrics[x] - b.metrics[x]);
        const others = finished.filter(trial => !members.includes(trial) && !baseline.includes(trial));
        const spread = list => !list.some(t => t.spreads[x]) ? {visible: false} : {
          type: "data", symmetric: false, thickness: 1.2, width: 3,
          array: list.map(t => t.spreads[x] ? Math.max(0, t.spreads[x].p90 - t.metrics[x]) : 0),
          arrayminus: list.map(t => t.spreads[x] ? Math.max(0, t.metrics[x] - t.spreads[x].p10) : 0)};
        const symbols = list => list.map(t => t.marked.includes(x) ? "circle-open" : "circle");
        const points = (list, extra) => Object.assign({
          type: "scatter", x: list.map(t => t.metrics[x]), y: list.map(t => t.metrics[y]),
          customdata: list.map(t => t.id), hovertext: list.map(hover), hoverinfo: "text",
        }, extra);
        const last = Math.max(...finished.map(trial => trial.metrics[x]));
        const top = members.length ? members[members.length - 1].metrics[y] : 0;
        draw(place, [
          points(others, {mode: "markers", name: "other trials", marker: {size: 8, color: colour("--faint"), symbol: symbols(others)},
            opacity: 0.65, error_x: Object.assign(spread(others), {color: colour("--line")})}),
          {type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false,
            x: members.map(t => t.metrics[x]).concat(last), y: members.map(t => t.metrics[y]).concat(top),
            line: {shape: "hv", width: 1.6, color: colour("--accent")}},
          points(members, {mode: "markers+text", name: "the front", marker: {size: 10, color: colour("--accent"), symbol: symbols(members)},
            text: members.map(t => `<b>${escaped(names.get(t.id) || "")}</b>`), textposition: "top left",
            textfont: {size: 13, color: colour("--ink")}, cliponaxis: false,
            error_x: Object.assign(spread(members), {color: colour("--accent")})}),
          points(baseline, {mode: "markers", name: "the pick itself", visible: baseline.length > 0,
            marker: {size: 12, color: colour("--warn"), symbol: "diamond-open", line: {width: 2}}}),
        ], layout(axisTitle(x), axisTitle(y), {margin: {l: 56, r: 16, t: 36, b: 52}}, "normal"));
      },

      hypervolume(place) {
        const by = document.querySelector("[data-control=hypervolume]").value;
        const scale = by === "seconds" ? 1 / 60 : 1;
        draw(place, fronts.map((front, index) => ({
          type: "scatter", mode: "lines", name: escaped(front.pick ? front.pick.name : front.stage.name),
          line: {shape: "hv", width: 2, color: index ? palette[index % palette.length] : colour("--accent")},
          x: front.hypervolume.map(each => each[by] * scale), y: front.hypervolume.map(each => each.share),
          hovertemplate: "%{y:.3f}<extra></extra>",
        })), layout(by === "seconds" ? "Minutes of trials" : "Finished trials", "Hypervolume",
          {showlegend: fronts.length > 1}));
      },

      curves(place) {
        const metric = document.querySelector("[data-control=curves]").value;
        const list = model.trials.map(trial => ({trial, name: names.get(trial.id),
          points: trial.curve.filter(epoch => epoch.metrics[metric] !== undefined)}))
          .filter(each => each.points.length > 0)
          .sort((a, b) => (a.name || "").localeCompare(b.name || "", undefined, {numeric: true}));
        let next = 0;
        draw(place, list.map(({trial, name, points}) => ({
          type: "scatter", mode: points.length > 1 ? "lines" : "markers", name: escaped(name || ""),
          showlegend: Boolean(name), x: points.map(each => each.epoch), y: points.map(each => each.metrics[metric]),
          line: {width: name ? 2 : 1.2, color: name ? palette[next++ % palette.length] : colour("--faint")},
          opacity: name ? 1 : 0.5, customdata: points.map(() => trial.id),
          hovertext: points.map(each => `<b>${name ? escaped(name) + " · " : ""}trial ${trial.id}</b><br>`
            + escaped(trial.design).split(" | ").join("<br>")
            + `<br>epoch ${each.epoch}: <b>${figures(metric, each.metrics[metric])}</b>`),
          hoverinfo: "text",
        })), layout("Epoch", axisTitle(metric), {margin: {l: 56, r: 16, t: 44, b: 52}}));
      },

      genealogy(place) {
        const metric = model.stages.flatMap(each => each.objectives).find(isAccuracy);
        const height = trial => trial.metrics[metric];
        const finished = model.trials.filter(trial => height(trial) !== undefined);
        const edges = {x: [], y: []};
        finished.forEach(trial => {
          const parent = trials.get(trial.parent);
          if (!parent || height(parent) === undefined) { return; }
          edges.x.push(parent.id, trial.id, null);
          edges.y.push(height(parent), height(trial), null);
        });
        const origins = {start: "--faint", random: "--good", pick: "--warn", chosen: "--warn", mutation: "--accent",
          crossing: "--soft", predicted: "--ink"};
        const nodes = Object.keys(origins).map(origin => {
          const list = finished.filter(trial => trial.origin === origin);
          return {type: "scatter", mode: "markers+text", name: origin, x: list.map(t => t.id), y: list.map(height),
            marker: {size: list.map(t => names.has(t.id) ? 11 : 8), color: colour(origins[origin])},
            text: list.map(t => names.has(t.id) ? `<b>${escaped(names.get(t.id))}</b>` : ""),
            textposition: "top center", textfont: {size: 12, color: colour("--ink")}, cliponaxis: false,
            customdata: list.map(t => t.id), hovertext: list.map(hover), hoverinfo: "text"};
        }).filter(trace => trace.x.length > 0);
        draw(place, [{type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, x: edges.x, y: edges.y,
          line: {width: 1, color: colour("--faint")}, opacity: 0.7}].concat(nodes),
          layout("Trial", axisTitle(metric), {margin: {l: 56, r: 16, t: 44, b: 52}}, "normal"));
      },
    };
    function drawAll(kind) {
      document.querySelectorAll(".chart").forEach(place => {
        if (!kind || place.dataset.chart === kind) { drawings[place.dataset.chart](place); }
      });
    }
    drawAll();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
    document.querySelectorAll("[data-control]").forEach(control =>
      control.addEventListener("change", () => drawAll(control.dataset.control)));

    """#

  fileprivate static let table = #"""
    const rows = Array.from(document.querySelectorAll("#trial-table tbody tr"));
    const filter = document.getElementById("filter");
    if (filter) {
      const show = () => {
        const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        rows.forEach(row => {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every(word => text.includes(word));
          shown += row.hidden ? 0 : 1;
        });
        document.getElementById("shown").textContent = words.length ? `${shown} of ${rows.length}` : "";
      };
      filter.addEventListener("input", show);
      show();
    }
    document.querySelectorAll("table.sortable").forEach(table => {
      const heads = Array.from(table.querySelectorAll("th"));
      heads.forEach((head, column) => head.addEventListener("click", () => {
        const descends = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(each => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", descends ? "descending" : "ascending");
        const key = row => {
          const cell = row.cells[column];
          if (cell.dataset.key !== undefined) { return Number(cell.dataset.key); }
          return head.classList.contains("n") ? null : cell.textContent;
        };
        const body = table.tBodies[0];
        const sorted = Array.from(body.rows).sort((a, b) => {
          const left = key(a), right = key(b);
          if (left === null || right === null) { return (left === null) - (right === null); }
          const order = typeof left === "number" ? left - right : left.localeCompare(right);
          return descends ? -order : order;
        });
        sorted.forEach(row => body.appendChild(row));
      }));
    });

    """#
}
