import DetMetrics
import DetSpec

extension Choice {
  /// The designs that a plan names for full training, or else members of some fronts, cheapest first.
  ///
  /// - Parameters:
  ///   - plan: which are wanted.
  ///   - fronts: those of the latest stage before; nil without one.
  ///   - trials: all so far.
  /// - Returns: the finals; fewer than wanted when there are no more.
  static func finals(of plan: FinalPlan, from fronts: StageFronts?, _ trials: [Trial]) -> [Choice] {
    guard plan.designs.isEmpty else { return named(plan.designs.map { ($0, nil) }) }
    guard plan.trials.isEmpty else {
      return named(
        plan.trials.compactMap { id in
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
    return named(choose(front, count: plan.count).map { ($0.design, $0.trial) })
  }

  private static func named(_ designs: [(DetectorDesign, Int?)]) -> [Choice] {
    designs.enumerated().map { Choice(name: "E\($0)", design: $1.0, trial: $1.1) }
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

extension FinalPlan {
  /// Why nothing can be chosen as a plan wants it, in words; nil when it can.
  func problem(with fronts: StageFronts?, _ trials: [Trial]) -> String? {
    let strangers = self.trials.filter { id in !trials.contains { $0.id == id && $0.isFinished } }
    if !strangers.isEmpty {
      let names = strangers.map(String.init).joined(separator: ", ")
      return "final.trials names \(names), and no finished trial has that number"
    }
    guard !latencies.isEmpty, let fronts else { return nil }
    let times = fronts.members.compactMap { $0.metrics[.latency] }
    guard let least = times.min() else {
      return "final.latencies asks for times, and no member of a front has one"
    }
    let short = latencies.filter { $0 < least }
    guard !short.isEmpty else { return nil }
    let names = short.map { Metric.latency.text($0) }.joined(separator: ", ")
    return
      "final.latencies asks for \(names), and the fastest on a front takes \(Metric.latency.text(least))"
  }
}
