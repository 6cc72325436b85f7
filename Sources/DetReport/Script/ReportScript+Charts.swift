extension ReportScript {
  /// The charts, drawn with plotly.js.
  static let charts = #"""
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
    // Names beside points, each on the first of four sides where nothing is in the way, those of picks and finals first. Where there
    // is no room there is no name: the pointer tells it.
    function label(place) {
      const {xaxis, yaxis} = place._fullLayout;
      const isNumber = text => /^[0-9]+$/.test(text);
      const points = place.labelled
        .map(each => ({...each, left: xaxis.d2p(each.x), top: yaxis.d2p(each.y)}))
        .sort((a, b) => isNumber(a.text) - isNumber(b.text));
      const taken = points.map(({left, top}) => [left - 5, top - 5, left + 5, top + 5]);
      const isFree = box => box[0] >= 0 && box[2] <= xaxis._length && box[1] >= -18 && box[3] <= yaxis._length
        && taken.every(other => box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
      const annotations = [];
      points.forEach(({x, y, text, left, top}) => {
        const width = 8 * text.length + 2, height = 15;
        for (const [across, down] of [[-1, -1], [1, 1], [1, -1], [-1, 1]]) {
          const x0 = across < 0 ? left - 5 - width : left + 5, y0 = down < 0 ? top - 5 - height : top + 5;
          const box = [x0, y0, x0 + width, y0 + height];
          if (!isFree(box)) { continue; }
          taken.push(box);
          annotations.push({x, y, text: `<b>${escaped(text)}</b>`, showarrow: false, borderpad: 0,
            xanchor: across < 0 ? "right" : "left", yanchor: down < 0 ? "bottom" : "top", xshift: 4 * across, yshift: -3 * down,
            font: {size: 13, color: colour("--ink")}});
          return;
        }
      });
      if (JSON.stringify(annotations) !== JSON.stringify(place.layout.annotations)) { Plotly.relayout(place, {annotations}); }
    }
    function draw(place, traces, shape, labelled = []) {
      place.labelled = labelled.filter(each => each.text);
      // Names stay where they were until they are placed anew: without, they would go and come with every change.
      if (place.layout && place.layout.annotations) { shape.annotations = place.layout.annotations; }
      Plotly.react(place, traces, shape, settings).then(() => { if (place.labelled.length) { label(place); } });
      if (place.dataset.listens) { return; }
      place.dataset.listens = "yes";
      place.on("plotly_click", event => {
        const id = event.points[0].customdata;
        if (id && trialTable()) { trialTable().reveal("trial-" + id); location.hash = "trial-" + id; }
      });
    }

    // Of thousands of points most lie on one another: one of each spot is drawn. What it stands for is in the table.
    const manyPoints = 1000;
    function thinned(list, x, y) {
      if (list.length <= manyPoints) { return list; }
      const span = of => list.reduce(([low, high], each) => [Math.min(low, of(each)), Math.max(high, of(each))], [Infinity, -Infinity]);
      const [left, right] = span(x), [bottom, top] = span(y);
      const cell = (value, low, high, cells) => Math.floor((value - low) / (high - low || 1) * cells);
      const spots = new Map();
      list.forEach(each => {
        const spot = 1000 * cell(x(each), left, right, 120) + cell(y(each), bottom, top, 50);
        if (!spots.has(spot)) { spots.set(spot, each); }
      });
      return Array.from(spots.values());
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
        const onFront = new Set(members.concat(baseline));
        const all = finished.filter(trial => !onFront.has(trial));
        const others = thinned(all, trial => trial.metrics[x], trial => trial.metrics[y]);
        const isThin = others.length < all.length;
        const spread = list => !list.some(t => t.spreads[x]) ? {visible: false} : {
          type: "data", symmetric: false, thickness: 1.2, width: 3,
          array: list.map(t => t.spreads[x] ? Math.max(0, t.spreads[x].p90 - t.metrics[x]) : 0),
          arrayminus: list.map(t => t.spreads[x] ? Math.max(0, t.metrics[x] - t.spreads[x].p10) : 0)};
        const symbols = list => list.map(t => t.marked.includes(x) ? "circle-open" : "circle");
        const points = (list, extra) => Object.assign({
          type: "scatter", x: list.map(t => t.metrics[x]), y: list.map(t => t.metrics[y]),
          customdata: list.map(t => t.id), hovertext: list.map(hover), hoverinfo: "text",
        }, extra);
        const last = finished.reduce((most, trial) => Math.max(most, trial.metrics[x]), 0);
        const top = members.length ? members[members.length - 1].metrics[y] : 0;
        draw(place, [
          points(others, {mode: "markers", name: isThin ? `other trials, one of each spot of ${all.length}` : "other trials", marker: {size: 8, color: colour("--faint"), symbol: symbols(others)},
            opacity: 0.65, error_x: isThin ? {visible: false} : Object.assign(spread(others), {color: colour("--line")})}),
          {type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false,
            x: members.map(t => t.metrics[x]).concat(last), y: members.map(t => t.metrics[y]).concat(top),
            line: {shape: "hv", width: 1.6, color: colour("--accent")}},
          points(members, {mode: "markers", name: "the front", marker: {size: 10, color: colour("--accent"), symbol: symbols(members)},
            cliponaxis: false, error_x: Object.assign(spread(members), {color: colour("--accent")})}),
          points(baseline, {mode: "markers", name: "the pick itself", visible: baseline.length > 0,
            marker: {size: 12, color: colour("--warn"), symbol: "diamond-open", line: {width: 2}}}),
        ], layout(axisTitle(x), axisTitle(y), {margin: {l: 56, r: 16, t: 36, b: 52}}, "nonnegative"),
          members.map(t => ({x: t.metrics[x], y: t.metrics[y], text: names.get(t.id)})));
      },

      traits(place) {
        const {rows, accuracy} = lessons.traits.find(each => each.front === place.dataset.front);
        const upward = rows.slice().reverse();
        const bars = (name, of, shade) => ({
          type: "bar", orientation: "h", name, y: upward.map(row => row.title),
          x: upward.map(row => of(row) ? of(row).value : null), marker: {color: colour(shade)},
          hovertext: upward.map(row => of(row) ? `${row.title}, ${name}: <b>${of(row).value.toFixed(2)}</b>`
            + ` (${of(row).lower.toFixed(2)} – ${of(row).upper.toFixed(2)})` : ""), hoverinfo: "text",
          error_x: {type: "data", symmetric: false, thickness: 1, width: 2, color: colour("--ink"),
            array: upward.map(row => of(row) ? of(row).upper - of(row).value : 0),
            arrayminus: upward.map(row => of(row) ? of(row).value - of(row).lower : 0)},
        });
        const shape = layout(`Correlation with ${axisTitle(accuracy)}`, "", {barmode: "group", bargap: 0.35, bargroupgap: 0.1,
          margin: {l: 16, r: 16, t: 36, b: 52}}, "nonnegative");
        Object.assign(shape.xaxis, {range: [-1, 1], dtick: 0.5, zeroline: true, zerolinecolor: colour("--faint")});
        Object.assign(shape.yaxis, {showgrid: false, title: {text: ""}, ticksuffix: "  "});
        shape.legend.traceorder = "reversed";
        draw(place, [bars("at the same MACs", row => row.atCost, "--accent"), bars("overall", row => row.overall, "--faint")], shape);
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
        // One trace for all that have no name, with gaps between them: a trace each would take a browser minutes with thousands.
        const trace = (name, group, extra) => {
          const all = {x: [], y: [], customdata: [], hovertext: []};
          group.forEach(({trial, points}, number) => {
            if (number) { all.x.push(null); all.y.push(null); all.customdata.push(null); all.hovertext.push(""); }
            const head = `<b>${name ? escaped(name) + " · " : ""}trial ${trial.id}</b><br>` + escaped(trial.design).split(" | ").join("<br>");
            points.forEach(each => {
              all.x.push(each.epoch);
              all.y.push(each.metrics[metric]);
              all.customdata.push(trial.id);
              all.hovertext.push(`${head}<br>epoch ${each.epoch}: <b>${figures(metric, each.metrics[metric])}</b>`);
            });
          });
          const mode = group.some(each => each.points.length < 2) ? "lines+markers" : "lines";
          return {type: "scatter", mode, name: escaped(name || ""), showlegend: Boolean(name), hoverinfo: "text", marker: {size: 4},
            ...all, ...extra};
        };
        const rest = list.filter(each => !each.name);
        const every = Math.ceil(rest.length / 300);
        const others = rest.filter((each, number) => number % every === 0);
        const lines = others.length ? [trace(every > 1 ? `every ${every}th of ${rest.length} others` : "", others, {line: {width: 1.2, color: colour("--faint")}, opacity: 0.5})] : [];
        list.filter(each => each.name).slice(0, 20).forEach((each, number) => lines.push(
          trace(each.name, [each], {line: {width: 2, color: palette[number % palette.length]}})));
        draw(place, lines, layout("Epoch", axisTitle(metric), {margin: {l: 56, r: 16, t: 44, b: 52}}));
      },

      genealogy(place) {
        const metric = model.stages.flatMap(each => each.objectives).find(isAccuracy);
        const height = trial => trial.metrics[metric];
        const finished = model.trials.filter(trial => height(trial) !== undefined);
        const drawn = new Set();
        const origins = {start: "--faint", random: "--good", pick: "--warn", chosen: "--warn", mutation: "--accent",
          crossing: "--soft", predicted: "--ink", reseed: "--faint"};
        const nodes = Object.keys(origins).map(origin => {
          const list = thinned(finished.filter(trial => trial.origin === origin), trial => trial.id, height);
          list.forEach(trial => drawn.add(trial.id));
          return {type: "scatter", mode: "markers", name: origin, x: list.map(t => t.id), y: list.map(height),
            marker: {size: list.map(t => names.has(t.id) ? 11 : list.length > 400 ? 5 : 8), color: colour(origins[origin])}, cliponaxis: false,
            customdata: list.map(t => t.id), hovertext: list.map(hover), hoverinfo: "text"};
        }).filter(trace => trace.x.length > 0);
        const edges = {x: [], y: []};
        finished.filter(trial => drawn.has(trial.id)).forEach(trial => {
          const parent = trials.get(trial.parent);
          if (!parent || height(parent) === undefined) { return; }
          edges.x.push(parent.id, trial.id, null);
          edges.y.push(height(parent), height(trial), null);
        });
        draw(place, [{type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, x: edges.x, y: edges.y,
          line: {width: 1, color: colour("--faint")}, opacity: 0.7}].concat(nodes),
          layout("Trial", axisTitle(metric), {margin: {l: 56, r: 16, t: 44, b: 52}}, "nonnegative"),
          finished.filter(t => names.has(t.id)).map(t => ({x: t.id, y: height(t), text: names.get(t.id)})));
      },

      pair(place) {
        const chosen = pair.map(id => trials.get(id)).filter(Boolean);
        const metric = curveMetric(chosen);
        draw(place, chosen.map((trial, number) => {
          const points = trial.curve.filter(epoch => epoch.metrics[metric] !== undefined);
          return {type: "scatter", mode: points.length < 2 ? "markers" : "lines+markers", name: escaped(called(trial)), showlegend: true,
            x: points.map(each => each.epoch), y: points.map(each => each.metrics[metric]), marker: {size: 5},
            hovertemplate: `epoch %{x}: <b>%{y:.3f}</b><extra>${escaped(called(trial))}</extra>`,
            line: {width: 2, color: number ? palette[1] : colour("--accent")}};
        }), layout("Epoch", axisTitle(metric), {margin: {l: 56, r: 16, t: 44, b: 52}}));
      },

      runs(place) {
        const stage = place.dataset.front;
        const list = overview.runs.flatMap((run, number) => run.fronts.filter(front => front.stage === stage)
          .map(front => ({run, number, front})));
        if (list.length === 0) { return; }
        const {x, y} = list[0].front;
        draw(place, list.map(({run, number, front}) => ({type: "scatter", mode: "lines+markers", showlegend: true,
          name: escaped(front.pick ? `${run.title} · ${front.pick}` : run.title), x: front.points.map(each => each[0]),
          y: front.points.map(each => each[1]), marker: {size: 8}, cliponaxis: false,
          line: {shape: "hv", width: 1.6, color: palette[number % palette.length]}, hoverinfo: "text",
          hovertext: front.points.map(each => `<b>${escaped(run.title)} · ${escaped(each[2])}</b><br>${escaped(each[3]).split(" | ").join("<br>")}`
            + `<br>${axisTitle(y)} <b>${figures(y, each[1])}</b><br>${axisTitle(x)} <b>${figures(x, each[0])}</b>`)})),
          layout(axisTitle(x), axisTitle(y), {margin: {l: 56, r: 16, t: 44, b: 52}}, "nonnegative"));
      },

      volumes(place) {
        draw(place, overview.runs.flatMap((run, number) => run.fronts.filter(front => front.stage === place.dataset.front && front.volume.length > 0)
          .map(front => ({type: "scatter", mode: "lines", showlegend: true, name: escaped(front.pick ? `${run.title} · ${front.pick}` : run.title),
            line: {shape: "hv", width: 2, color: palette[number % palette.length]}, x: front.volume.map(each => each[0]),
            y: front.volume.map(each => each[1]), hovertemplate: "%{y:.3f}<extra></extra>"}))),
          layout("Finished trials", "Hypervolume", {margin: {l: 56, r: 16, t: 44, b: 52}}));
      },
    };
    // Only charts near the window are drawn, each again when something it shows has changed, and none for more than a tenth of the time.
    const near = new Set();
    const stale = new Set();
    const rest = new Map();
    function drawNow(place) {
      const begin = performance.now();
      if (place.isConnected && !place.hidden && drawings[place.dataset.chart]) { drawings[place.dataset.chart](place); }
      rest.set(place, performance.now() + 9 * (performance.now() - begin));
    }
    let waiting;
    function drawStale() {
      clearTimeout(waiting);
      if (typeof Plotly === "undefined") { return; }
      let next = Infinity;
      stale.forEach(place => {
        if (!place.isConnected) { stale.delete(place); near.delete(place); return; }
        if (!near.has(place)) { return; }
        const pause = (rest.get(place) || 0) - performance.now();
        if (pause > 0) { next = Math.min(next, pause); return; }
        stale.delete(place);
        drawNow(place);
      });
      if (next < Infinity) { waiting = setTimeout(drawStale, next); }
    }
    const nearness = new IntersectionObserver(entries => {
      entries.forEach(({target, isIntersecting}) => { if (isIntersecting) { near.add(target); } else { near.delete(target); } });
      drawStale();
    }, {rootMargin: "400px 0px"});
    function drawAll(kind) {
      document.querySelectorAll(".chart").forEach(place => {
        if (kind && place.dataset.chart !== kind) { return; }
        if (!place.dataset.watched) { place.dataset.watched = "yes"; nearness.observe(place); }
        stale.add(place);
        if (kind) { rest.delete(place); }
      });
      drawStale();
    }
    let resized;
    window.addEventListener("resize", () => {
      clearTimeout(resized);
      resized = setTimeout(() => document.querySelectorAll(".chart").forEach(place => {
        if (place.labelled && place.labelled.length) { label(place); }
      }), 200);
    });
    // plotly.js comes last: the page is there without it.
    window.addEventListener("load", drawStale);
    window.addEventListener("beforeprint", () => document.querySelectorAll(".chart").forEach(drawNow));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());

    """#
}
