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
    return ([table.text] + [Metric.footnote(members.map(\.metrics))].compactMap { $0 })
      .joined(separator: "\n")
  }
}

extension Metric {
  /// The objectives, and behind them the other metrics that there is something to say of.
  static func columns(_ objectives: [Metric], where hasValues: (Metric) -> Bool) -> [Metric] {
    (objectives + allCases.filter { !objectives.contains($0) }).filter(hasValues)
  }

  /// The value among a trial's results as it stands in a table, marked when it is a disturbed latency; a dash when there is none.
  func cell(_ metrics: [String: Double]) -> String {
    guard let value = metrics[self] else { return "-" }
    return text(value) + mark(metrics)
  }

  /// The line below a table that has disturbed latencies; nil where there are none.
  static func footnote(_ results: [[String: Double]]) -> String? {
    results.contains(where: \.hasDisturbedLatency)
      ? "* taken while the machine was disturbed; smnas measure DIR takes it again" : nil
  }
}
