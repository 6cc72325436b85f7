extension ReportScript {
  /// What the page shows as data: read once, and renewed where the page is live.
  static let model = #"""
    "use strict";
    const island = (id, otherwise) => {
      const place = document.getElementById(id);
      return place ? JSON.parse(place.textContent) : otherwise;
    };
    const flat = trial => ({...trial.record, ...trial});
    let model = island("report", {trials: [], stages: [], metrics: []});
    model.trials = model.trials.map(flat);
    let lessons = island("lessons", {traits: []});
    let overview = island("overview", {runs: [], metrics: []});
    let trials, names, fronts, metrics;
    function index() {
      trials = new Map(model.trials.map(trial => [trial.id, trial]));
      names = new Map();
      fronts = model.stages.flatMap(stage => stage.fronts.map(front => ({...front, stage})));
      fronts.forEach(front => front.members.forEach(member => names.set(member.trial, member.name)));
      metrics = new Map(model.metrics.concat(overview.metrics).map(metric => [metric.name, metric]));
    }
    index();
    const isAccuracy = name => metrics.get(name).isAccuracy;
    const axisTitle = name => metrics.has(name) ? metrics.get(name).axis : name;
    const called = trial => {
      const name = names.get(trial.id);
      return name && name !== String(trial.id) ? `${name} (trial ${trial.id})` : `trial ${trial.id}`;
    };

    """#
}
