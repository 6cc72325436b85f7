import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension Front {
  /// The front for people: a line per member, its objectives first, then the other metrics that some member has, and what there is to
  /// say of the latencies. `readings` are those of members, by trial.
  func table(readings: [Int: LatencyReading] = [:], device: String? = nil) -> String {
    let metrics = Metric.columns(objectives) { metric in
      members.contains { $0.metrics[metric] != nil }
    }
    let hasIntervals = members.contains { readings[$0.trial]?.interval != nil }
    var titles = metrics.map(\.descriptor.title)
    let place = hasIntervals ? metrics.firstIndex(of: .latency).map { $0 + 1 } : nil
    if let place { titles.insert("95 % interval", at: place) }
    var table = TextTable(["name"] + titles + ["trial", "design"])
    for member in members {
      var cells = metrics.map { $0.cell(member.metrics) }
      let interval = readings[member.trial]?.interval
      if let place {
        cells.insert(interval.map { Metric.latency.range($0.low, $0.high) } ?? "-", at: place)
      }
      table.add([member.name] + cells + ["\(member.trial)", member.design.text])
    }
    return ([table.text] + LatencyNotes.lines(members.map(\.metrics), device: device))
      .joined(separator: "\n")
  }

  /// The same with what a run knows of the latencies.
  func table(of run: RunSnapshot) throws -> String {
    try table(
      readings: run.readings(of: members.map(\.trial)), device: run.latencyDevice(of: stage))
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
}
