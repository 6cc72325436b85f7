import DetSearch
package import DetSpec

/// How fast the trials of a run come in, and how long what is planned still takes.
extension RunSnapshot {
  /// Trials whose endings make the rate.
  private static let looksBack = 10

  /// Trials an hour, by the last ten that were evaluated; nil before the second has ended.
  ///
  /// Between two endings no more time counts than the later trial took: while no search was at work, time passed for nothing.
  package func trialsAnHour() throws -> Double? {
    let endings = try Store(reading: folder.store).endings()
    let ended = trials.compactMap { trial -> (time: Double, seconds: Double)? in
      guard let result = trial.result, result.outcome.wasEvaluated, let time = endings[trial.id]
      else { return nil }
      return (time, result.seconds)
    }
    return Self.trialsAnHour(ended)
  }

  static func trialsAnHour(_ ended: [(time: Double, seconds: Double)]) -> Double? {
    let last = ended.sorted { $0.time < $1.time }.suffix(looksBack)
    let hours =
      zip(last, last.dropFirst()).reduce(0) { $0 + min($1.1.time - $1.0.time, $1.1.seconds) } / 3600
    return hours > 0 ? Double(last.count - 1) / hours : nil
  }

  /// How many trials a stage evaluates: as planned, but no more than its space or its choices hold, as far as they are known.
  package func expectedTrials(of stage: SearchStage) throws -> Int {
    let planned = plan.plannedTrials(of: stage)
    switch stage {
    case .structural:
      guard let section = plan.structural else { return 0 }
      return min(planned, try StructuralSpace(section.space).size)
    case .modular:
      guard let section = plan.modular, let picks = choices.picks else { return planned }
      return picks.count * section.trials
    case .final: return choices.finals?.count ?? planned
    }
  }

  /// Seconds until a stage is over with the plan's workers, as its trials so far went; nil before the first has ended.
  package func secondsLeft(of stage: SearchStage) throws -> Double? {
    let own = trials.filter { $0.stage == stage }
    let ended = own.compactMap(\.result).filter(\.outcome.wasEvaluated)
    guard !ended.isEmpty else { return nil }
    let later = plan.stages.drop { $0 != stage }.dropFirst()
    let open = own.count { $0.result == nil }
    // A stage that another follows is over; what is open in it is done again.
    let isFollowed = trials.contains { later.contains($0.stage) }
    let fresh = isFollowed ? 0 : max(0, try expectedTrials(of: stage) - ended.count - open)
    let each = ended.reduce(0) { $0 + $1.seconds } / Double(ended.count)
    // On average, a trial under way is half done; an interrupted one begins anew, or goes on from a checkpoint of any age.
    return each * (Double(fresh) + Double(open) / 2) / Double(plan.runner.atOnce)
  }
}
