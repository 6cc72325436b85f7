import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

extension Front {
  /// The front for people: a line per member, its objectives first, then the other metrics that some member has, with intervals where
  /// they are known. `readings` are those of members, by trial.
  func table(readings: [Int: LatencyReading]) -> String {
    let metrics = Metric.columns(objectives) { metric in
      members.contains { $0.metrics[metric] != nil }
    }
    let ranges = metrics.map { metric in
      members.map { metric.interval($0.metrics, readings[$0.trial]) }
    }
    let hasNames = members.contains { $0.name != nil }
    var titles = hasNames ? ["name"] : []
    for (metric, ranges) in zip(metrics, ranges) {
      titles.append(metric.descriptor.title)
      if ranges.contains(where: { $0 != nil }) { titles.append("95 % interval") }
    }
    var table = TextTable(
      titles + (hasNoise ? ["seeds", "chance", "resolved"] : []) + ["trial", "design"])
    for (place, member) in members.enumerated() {
      var cells = hasNames ? [member.name ?? ""] : []
      for (metric, ranges) in zip(metrics, ranges) {
        cells.append(metric.cell(member.metrics))
        guard ranges.contains(where: { $0 != nil }) else { continue }
        cells.append(ranges[place].map { metric.range($0.lowerBound, $0.upperBound) } ?? "-")
      }
      if hasNoise {
        cells += [
          "\(member.metrics.trainingCount)", member.chance?.fixed(2) ?? "-",
          resolved(place),
        ]
      }
      table.add(cells + ["\(member.trial)", member.design.text])
    }
    return table.text
  }

  /// Whether a member is more accurate than the next cheaper one by more than seeds explain.
  private func resolved(_ place: Int) -> String {
    guard place > 0, let accuracy = objectives.first(where: \.isAccuracy),
      let isResolved = members[place].metrics.isResolved(
        from: members[place - 1].metrics, in: accuracy)
    else { return "-" }
    return isResolved ? "yes" : "no"
  }

  /// Whether something is known of how much seeds change.
  private var hasNoise: Bool {
    members.contains { $0.metrics.trainingCount > 1 || $0.chance != nil }
  }

  /// What the columns of noise mean, where a table has them.
  fileprivate var noiseNotes: [String] {
    if stage == .final, members.contains(where: { $0.metrics.hasAccuracyInterval }) {
      return [Self.noteOfImages]
    }
    guard hasNoise else { return [] }
    return [
      "chance: how likely no other trial is better, if seeds and measurements scatter as their intervals say",
      "resolved: more accurate than the member above by more than other seeds explain, with 95 % confidence",
    ]
  }

  /// What the intervals of finals mean.
  static let noteOfImages =
    "intervals of accuracies of finals: how far other validation images of the same kind would lead to another number"

  /// The trials that may belong to the front as well, a line each.
  fileprivate var contenderLines: [String] {
    contenders.prefix(Self.mostContenders).map { contender in
      let results = objectives.map { "\($0.descriptor.title) \($0.cell(contender.metrics))" }
      return "may belong to it as well, chance \(contender.chance?.fixed(2) ?? "-"): "
        + "trial \(contender.trial), \(results.joined(separator: ", ")), \(contender.design.text)"
    }
  }

  /// The most contenders that people are told of.
  private static var mostContenders: Int { 5 }
}

extension StageFronts {
  /// The fronts for people, one below the other, those of picks under their names and with their baselines.
  func tables(readings: [Int: LatencyReading] = [:], devices: [Metric: String] = [:]) -> String {
    let tables = fronts.map { front in
      guard let pick = front.pick else {
        return ([front.table(readings: readings)] + front.contenderLines).joined(separator: "\n")
      }
      let head = ["\(pick.name): \(pick.design)", front.baselineLine].compactMap { $0 }
      let body =
        front.members.isEmpty ? "no trial has finished yet" : front.table(readings: readings)
      return (head + [body] + front.contenderLines).joined(separator: "\n")
    }
    let notes = LatencyNotes.lines(members.map(\.metrics), devices: devices)
    let noise = fronts.map(\.noiseNotes).first { !$0.isEmpty } ?? []
    return ([tables.joined(separator: "\n\n")] + noise + notes).joined(separator: "\n")
  }

  /// The same with what a run knows of the latencies.
  func tables(of run: RunSnapshot) throws -> String {
    try tables(
      readings: run.readings(of: members.map(\.trial)), devices: run.latencyDevices(of: stage))
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

  /// The 95 % interval of a trial's result: of a latency the latest reading's; nil where none is known.
  func interval(_ metrics: [String: Double], _ reading: LatencyReading?) -> ClosedRange<Double>? {
    guard isLatency else { return metrics.interval(of: self) }
    return reading?.reading(of: self)?.interval.map { $0.low...$0.high }
  }

  /// The value among a trial's results as it stands in a table, marked when it is a disturbed latency; a dash when there is none.
  func cell(_ metrics: [String: Double]) -> String {
    guard let value = metrics[self] else { return "-" }
    return text(value) + mark(metrics)
  }
}
