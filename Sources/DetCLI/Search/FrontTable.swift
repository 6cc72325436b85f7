import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

extension Front {
  /// The front for people: a line per member, its objectives first, then the other metrics that some member has. `readings` are
  /// those of members, by trial.
  func table(readings: [Int: LatencyReading]) -> String {
    let metrics = Metric.columns(objectives) { metric in
      members.contains { $0.metrics[metric] != nil }
    }
    let hasIntervals = members.contains { readings[$0.trial]?.interval != nil }
    var titles = metrics.map(\.descriptor.title)
    let place = hasIntervals ? metrics.firstIndex(of: .latency).map { $0 + 1 } : nil
    if let place { titles.insert("95 % interval", at: place) }
    let hasNames = members.contains { $0.name != nil }
    var table = TextTable((hasNames ? ["name"] : []) + titles + ["trial", "design"])
    for member in members {
      var cells = metrics.map { $0.cell(member.metrics) }
      let interval = readings[member.trial]?.interval
      if let place {
        cells.insert(interval.map { Metric.latency.range($0.low, $0.high) } ?? "-", at: place)
      }
      let name = hasNames ? [member.name ?? ""] : []
      table.add(name + cells + ["\(member.trial)", member.design.text])
    }
    return table.text
  }
}

extension StageFronts {
  /// The fronts for people, one below the other, those of picks under their names and with their baselines.
  func tables(readings: [Int: LatencyReading] = [:], device: String? = nil) -> String {
    let tables = fronts.map { front in
      guard let pick = front.pick else { return front.table(readings: readings) }
      let head = ["\(pick.name): \(pick.design)", front.baselineLine].compactMap { $0 }
      let body =
        front.members.isEmpty ? "no trial has finished yet" : front.table(readings: readings)
      return (head + [body]).joined(separator: "\n")
    }
    let notes = LatencyNotes.lines(members.map(\.metrics), device: device)
    return ([tables.joined(separator: "\n\n")] + notes).joined(separator: "\n")
  }

  /// The same with what a run knows of the latencies.
  func tables(of run: RunSnapshot) throws -> String {
    try tables(
      readings: run.readings(of: members.map(\.trial)), device: run.latencyDevice(of: stage))
  }
}

extension Front {
  /// What the pick itself reaches when it is trained as all around it are; nil while it has not.
  fileprivate var baselineLine: String? {
    baseline.map { baseline in
      let results = Metric.columns(objectives) { baseline.metrics[$0] != nil }
        .map { "\($0.descriptor.title) \($0.cell(baseline.metrics))" }
      return "  itself, trained alike: \(results.joined(separator: ", ")) (trial \(baseline.trial))"
    }
  }
}

extension RunSnapshot {
  /// The fronts of the stage that somebody asked for, or else of the latest that has results.
  func fronts(asked stage: SearchStage?) throws -> StageFronts {
    let stage = stage ?? latestStage
    guard let fronts = fronts(of: stage) else {
      throw UsageError.rule("--stage is \(stage.rawValue), but the run's plan has no such section")
    }
    return fronts
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
