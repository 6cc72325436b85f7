import DetMetrics
import DetSpec

extension Choice {
  /// The designs that a plan names for full training, or else members of the fronts of the latest stage before, cheapest first.
  static func finals(of plan: FinalPlan, from fronts: StageFronts?, _ trials: [Trial]) -> [Choice] {
    taken("E", by: plan, from: fronts, trials)
  }

  /// The designs that a plan names for stage two, or else members of stage one's front, cheapest first.
  static func picks(
    of plan: ModularPlan, from trials: [Trial], objectives: [Metric]
  ) -> [Choice] {
    // A plan without stage one names its designs.
    let fronts =
      objectives.isEmpty
      ? nil
      : StageFronts(of: trials, stage: .structural, objectives: objectives, choices: Choices())
    return taken("C", by: plan, from: fronts, trials)
  }

  /// The designs that a plan takes, named by a letter and their place; fewer than wanted when there are no more.
  private static func taken(
    _ letter: String, by plan: some ChoosingPlan, from fronts: StageFronts?, _ trials: [Trial]
  ) -> [Choice] {
    func named(_ designs: [(DetectorDesign, Int?)]) -> [Choice] {
      designs.enumerated().map { Choice(name: "\(letter)\($0)", design: $1.0, trial: $1.1) }
    }
    guard plan.designs.isEmpty else { return named(plan.designs.map { ($0, nil) }) }
    guard plan.trialsTaken.isEmpty else {
      return named(
        plan.trialsTaken.compactMap { id in
          trials.first { $0.id == id && $0.isFinished }.map { ($0.design, id) }
        })
    }
    guard let fronts else { return [] }
    guard plan.latencies.isEmpty else {
      var found: [Front.Member] = []
      for most in plan.latencies.sorted() {
        if let best = fronts.best(within: most), !found.contains(best) { found.append(best) }
      }
      return named(found.map { ($0.design, $0.trial) })
    }
    let front = Front(
      of: fronts.members, stage: fronts.stage, objectives: fronts.objectivesAcrossPicks)
    return named(choose(front, count: plan.chosenCount).map { ($0.design, $0.trial) })
  }
}

extension StageFronts {
  /// What members around different picks are compared by: the time that they take, where all of them have one, because counts compare
  /// only within one.
  fileprivate var objectivesAcrossPicks: [Metric] {
    guard fronts.count > 1, members.allSatisfy({ $0.metrics[.latency] != nil }) else {
      return objectives
    }
    return objectives.filter(\.isAccuracy) + [.latency]
  }

  /// The most accurate member that takes no longer than so many milliseconds.
  fileprivate func best(within most: Double) -> Front.Member? {
    guard let accuracy = objectives.first(where: \.isAccuracy) else { return nil }
    let fitting = members.filter { $0.metrics[.latency].map { $0 <= most } ?? false }
    return fitting.max { $0.metrics[accuracy] ?? 0 < $1.metrics[accuracy] ?? 0 }
  }
}
