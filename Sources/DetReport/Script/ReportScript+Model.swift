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
    function takeModel(change) {
      const arrays = new Map(model.stages.flatMap(stage => stage.fronts).map(front => [front.id, front]));
      if (change.report) {
        const before = model.trials;
        model = {...change.report, trials: before};
        model.stages.forEach(stage => stage.fronts.forEach(front => {
          const old = arrays.get(front.id);
          front.trials = old ? old.trials : [];
          front.hypervolume = old ? old.hypervolume : [];
        }));
      }
      (change.grown || []).forEach(({front, trials, hypervolume}) => {
        const grown = model.stages.flatMap(stage => stage.fronts).find(each => each.id === front);
        if (!grown) { return; }
        grown.trials = grown.trials.slice(0, trials.from).concat(trials.more);
        grown.hypervolume = grown.hypervolume.slice(0, hypervolume.from).concat(hypervolume.more);
      });
      if (change.trials) {
        const places = new Map(model.trials.map((trial, place) => [trial.id, place]));
        change.trials.forEach(entry => {
          const trial = flat(entry);
          if (places.has(trial.id)) { model.trials[places.get(trial.id)] = trial; } else { places.set(trial.id, model.trials.push(trial) - 1); }
        });
      }
      if (change.lessons) { lessons = change.lessons; }
      if (change.overview) { overview = change.overview; }
      index();
    }
    const isAccuracy = name => metrics.get(name).isAccuracy;
    const axisTitle = name => metrics.has(name) ? metrics.get(name).axis : name;
    const called = trial => {
      const name = names.get(trial.id);
      return name && name !== String(trial.id) ? `${name} (trial ${trial.id})` : `trial ${trial.id}`;
    };

    """#
}
