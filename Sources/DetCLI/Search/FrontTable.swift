import DetBasics
import DetSearch
import DetSpec

extension Front {
  /// The front for people: a line per member, its objectives first, then the other metrics that some member has.
  var table: String {
    let metrics = Metric.columns(objectives) { metric in
      members.contains { $0.metrics[metric] != nil }
    }
    var table = TextTable(["name"] + metrics.map(\.descriptor.title) + ["trial", "design"])
    for member in members {
      table.add(
        [member.name] + metrics.map { $0.cell(member.metrics) }
          + ["\(member.trial)", member.design.text])
    }
    return table.text
  }
}

extension Metric {
  /// The objectives, and behind them the other metrics that there is something to say of.
  static func columns(_ objectives: [Metric], where hasValues: (Metric) -> Bool) -> [Metric] {
    (objectives + allCases.filter { !objectives.contains($0) }).filter(hasValues)
  }

  /// The value among a trial's results as it stands in a table; a dash when there is none.
  func cell(_ metrics: [String: Double]) -> String { metrics[self].map(text) ?? "-" }
}
