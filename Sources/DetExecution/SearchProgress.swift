import DetSearch
package import DetSpec

/// How far a search is.
package struct SearchProgress: Sendable, Hashable {
  /// The stage of the latest trial.
  package let stage: SearchStage
  /// Trials that were evaluated and ended.
  package let done: Int
  /// Trials under way.
  package let running: Int
  /// Trials still to be started.
  package let remaining: Int
  /// Those of the done ones that have no results.
  package let failed: Int
  /// Designs that were left out because they cannot improve the front.
  package let pruned: Int
  /// Members of the stage's front.
  package let frontSize: Int
  /// The share of the ideal hypervolume that the stage's front covers, 0 … 1; see `HypervolumeTrack`.
  package let hypervolume: Double
  /// Seconds until the search is over, as the trials so far went; nil before the first has ended.
  package let secondsLeft: Double?
}

/// The counts and the fronts of a run, kept up to date trial by trial.
struct Tally {
  /// The state of one stage.
  private struct StageTally {
    let objectives: [Metric]
    var front: FrontTracker
    var worst: [Double]

    init(_ objectives: [Metric]) {
      self.objectives = objectives
      front = FrontTracker(directions: objectives.map(\.direction))
      worst = [Double](repeating: 0, count: objectives.count)
    }

    mutating func add(_ trial: Trial) {
      let point = Front.point(trial.metrics, objectives)
      front.insert(trial: trial.id, point: point)
      for axis in point.indices where !objectives[axis].isAccuracy {
        worst[axis] = max(worst[axis], point[axis])
      }
    }
  }

  private(set) var trials: [Trial] = []
  private(set) var evaluated = 0
  private(set) var failed = 0
  private(set) var pruned = 0
  private(set) var stage: SearchStage
  private var seconds = 0.0
  private let workers: Int
  private let otherData: Set<Int>
  private var stages: [SearchStage: StageTally] = [:]

  init(trials: [Trial], plan: Plan, otherData: Set<Int> = []) {
    self.otherData = otherData
    workers = plan.runner.workers
    stage = plan.stages.first ?? .structural
    for stage in plan.stages { stages[stage] = StageTally(plan.objectives(of: stage)) }
    for trial in trials.sorted(by: { ($0.result?.sequence ?? 0) < ($1.result?.sequence ?? 0) }) {
      add(trial)
    }
  }

  /// Counts a trial that has ended.
  mutating func add(_ trial: Trial) {
    guard let result = trial.result else { return }
    trials.append(trial)
    stage = trial.stage
    guard result.outcome.wasEvaluated else {
      pruned += 1
      return
    }
    evaluated += 1
    seconds += result.seconds
    if trial.isFinished {
      if !otherData.contains(trial.id) { stages[stage]?.add(trial) }
    } else {
      failed += 1
    }
  }

  func progress(running: Int, remaining: Int) -> SearchProgress {
    let state = stages[stage]
    let share = state.map { state in
      HypervolumeTrack.share(
        of: state.front.entries.map(\.point), reference: state.worst, objectives: state.objectives)
    }
    let each = evaluated > 0 ? seconds / Double(evaluated) : nil
    // On average, a trial under way is half done.
    let open = Double(remaining) + Double(running) / 2
    return SearchProgress(
      stage: stage, done: evaluated, running: running, remaining: remaining, failed: failed,
      pruned: pruned, frontSize: state?.front.entries.count ?? 0, hypervolume: share ?? 0,
      secondsLeft: each.map { $0 * open / Double(workers) })
  }
}
