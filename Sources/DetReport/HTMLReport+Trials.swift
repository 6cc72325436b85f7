import DetSearch
import DetSpec

extension HTMLReport {
  /// How the search went: hypervolume and learning curves.
  static func progress(_ model: ReportModel) -> String {
    var parts: [String] = []
    if model.stages.flatMap(\.fronts).contains(where: { $0.hypervolume.count > 1 }) {
      parts.append(
        """
        <div><h3>Hypervolume of the front</h3>
        <p class="controls"><label>over <select data-control="hypervolume">\
        <option value="finished">finished trials</option>\
        <option value="seconds">time spent</option></select></label></p>
        \(chart("hypervolume", label: "Hypervolume over finished trials"))</div>
        """)
    }
    if model.trials.contains(where: { $0.curve.count > 1 }) {
      parts.append(
        """
        <div><h3>Learning curves</h3>
        <p class="controls"><label>of <select data-control="curves">\
        \(curveMetrics(model).map(option).joined())</select></label></p>
        \(chart("curves", label: "Learning curves of every trial"))</div>
        """)
    }
    guard !parts.isEmpty else { return "" }
    return section(
      "progress", "How the search went",
      "Hypervolume is the share of the space of accuracy and cost that the front covers.",
      "<div class=\"pair\">\(parts.joined(separator: "\n"))</div>")
  }

  /// The metrics that more than one epoch reported: the objectives first, then the others by name.
  private static func curveMetrics(_ model: ReportModel) -> [String] {
    var seen = Set<String>()
    for trial in model.trials {
      for epoch in trial.curve { seen.formUnion(epoch.metrics.keys) }
    }
    let objectives = model.stages.flatMap(\.objectives)
    let first = (objectives + Metric.accuracies).map(\.name) + ["loss"]
    var ordered: [String] = []
    for name in first + seen.sorted() where seen.contains(name) && !ordered.contains(name) {
      ordered.append(name)
    }
    return ordered
  }

  private static func option(_ name: String) -> String {
    let title = Metric(rawValue: name)?.heading ?? name
    return "<option value=\"\(Markup.text(name))\">\(Markup.text(title))</option>"
  }

  /// Which trial's design is a change of which.
  static func genealogy(_ model: ReportModel) -> String {
    guard model.trials.contains(where: { $0.record.suggestion.origin.parent != nil }) else {
      return ""
    }
    return section(
      "genealogy", "Where designs came from",
      "A line leads from a finished trial to those whose designs are changes of it.",
      chart("genealogy", label: "Trials and their parents"))
  }

  /// Every trial, sortable and with a filter.
  static func trials(_ model: ReportModel) -> String {
    guard !model.trials.isEmpty else { return "" }
    let hasStages = Set(model.trials.map(\.stage)).count > 1
    let metrics = model.columns
    let columns =
      [("Trial", "n"), ("Design", ""), ("Outcome", "")]
      + metrics.map { ($0.heading, "n") } + [("Time", "n")]
    let heads = columns.map { title, kind in
      "<th class=\"\(kind)\"><button type=\"button\">\(title)</button></th>"
    }
    let stageHead = hasStages ? "<th><button type=\"button\">Stage</button></th>" : ""
    var badges: [Int: String] = [:]
    for member in model.stages.flatMap(\.members) where badges[member.trial] ?? "front" == "front" {
      badges[member.trial] = member.isNamed ? member.name : "front"
    }
    let rows = model.trials.map { trial in
      row(trial, model, metrics, badge: badges[trial.id], hasStages: hasStages)
    }.joined(separator: "\n")
    let body = """
      <p class="controls"><input type="search" id="filter" placeholder="Filter: resnet18, failed, C2 …" \
      aria-label="Filter the trials"/> <span id="shown"></span></p>
      <div class="scroll"><table class="sortable" id="trial-table">
      <thead><tr>\(heads.joined())\(stageHead)</tr></thead>
      <tbody>
      \(rows)
      </tbody></table></div>
      """
    return section("trials", "All trials", "Press a heading to sort.", body)
  }

  private static func row(
    _ trial: ReportModel.Entry, _ model: ReportModel, _ metrics: [Metric], badge name: String?,
    hasStages: Bool
  ) -> String {
    let badge = name.map { " <b class=\"badge\">\(Markup.text($0))</b>" } ?? ""
    let outcome = Markup.text(model.outcome(of: trial))
    let time =
      trial.record.result?.cached.map { Markup.text($0.words) }
      ?? (trial.seconds > 0 ? Wording.span(trial.seconds) : "–")
    let cells =
      [
        Markup.cell("\(trial.id)", key: Double(trial.id), kind: "n"),
        Markup.cell(design(trial.design) + badge),
        Markup.cell(
          "<span class=\"outcome \(trial.isFinished ? "good" : "other")\">\(outcome)</span>"),
      ] + metrics.map { number($0, trial) }
      + [
        Markup.cell(time, key: trial.seconds, kind: "n"),
        hasStages ? Markup.cell(Markup.text(trial.stage)) : "",
      ]
    let kind = name != nil ? " class=\"on-front\"" : ""
    return "<tr id=\"trial-\(trial.id)\"\(kind)>\(cells.joined())</tr>"
  }
}
