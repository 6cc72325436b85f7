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
  static func trials(_ model: ReportModel, _ memory: RowMemory) -> PagePart {
    let id = "trials"
    guard !model.trials.isEmpty else { return PagePart(id, "") }
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
      memory.row(
        .init(
          entry: trial, outcome: model.outcome(of: trial), badge: badges[trial.id],
          columns: metrics, hasStages: hasStages), row)
    }
    let body = """
      <p class="controls"><input type="search" id="filter" placeholder="Filter: resnet18, failed, C2 …" \
      aria-label="Filter the trials"/> <span id="shown" data-own="" role="status"></span></p>
      <div class="scroll"><table class="sortable" id="trial-table">
      <thead><tr>\(heads.joined())\(stageHead)</tr></thead>
      \(PagePart.body(of: id))</table></div>
      """
    return PagePart(
      id,
      section(
        id, "All trials",
        "Press a heading to sort, the numbers of two trials to see them side by side.",
        body), rows: rows)
  }

  private static func row(_ content: RowMemory.Content) -> PagePart.Row {
    let trial = content.entry
    let badge = content.badge.map { " <b class=\"badge\">\(Markup.text($0))</b>" } ?? ""
    let time =
      trial.record.result?.cached.map { Markup.text($0.words) }
      ?? (trial.seconds > 0 ? Wording.span(trial.seconds) : "–")
    let number =
      "<button type=\"button\" class=\"pick\" data-trial=\"\(trial.id)\" aria-pressed=\"false\">\(trial.id)</button>"
    let cells =
      [
        Markup.cell(number, key: Double(trial.id), kind: "n"),
        Markup.cell(design(trial.design) + badge),
        Markup.cell(
          "<span class=\"outcome \(trial.isFinished ? "good" : "other")\">\(Markup.text(content.outcome))</span>"
        ),
      ] + content.columns.map { HTMLReport.number($0, trial) }
      + [
        Markup.cell(time, key: trial.seconds, kind: "n"),
        content.hasStages ? Markup.cell(Markup.text(trial.stage)) : "",
      ]
    let kind = content.badge != nil ? " class=\"on-front\"" : ""
    let key = "trial-\(trial.id)"
    return .init(key: key, html: "<tr id=\"\(key)\" tabindex=\"-1\"\(kind)>\(cells.joined())</tr>")
  }
}
