import DetSearch
package import DetSpec

/// How far a search is.
package struct SearchProgress: Sendable, Hashable {
  /// The stage of the latest trial.
  package let stage: SearchStage
  /// The name of the pick that it belongs to, in stage two.
  package let pick: String?
  /// Trials that were evaluated and ended.
  package let done: Int
  /// Trials under way.
  package let running: Int
  /// Trials still to be started.
  package let remaining: Int
  /// Those of the done ones that have no results.
  package let failed: Int
  /// Those of them whose training ended early because they could not reach the front any more.
  package let stopped: Int
  /// Designs that were left out because they cannot improve the front.
  package let pruned: Int
  /// Members of the front of the stage, or of that pick.
  package let frontSize: Int
  /// The share of the ideal hypervolume that this front covers, 0 … 1; see `HypervolumeTrack`.
  package let hypervolume: Double
  /// Seconds until the search is over, as the trials so far went; nil before the first has ended.
  package let secondsLeft: Double?
}

/// The counts and the fronts of a run, kept up to date trial by trial.
struct Tally {
  /// What a front belongs to.
  private struct Place: Hashable {
    let stage: SearchStage
    let pick: Int?
  }

  /// The state of one front.
  private struct FrontTally {
    let objectives: [Metric]
    var front: FrontTracker
    var worst: [Double]

    init(_ objectives: [Metric]) {
      self.objectives = objectives
      front = FrontTracker(directions: objectives.map(\.direction))
      worst = [Double](repeating: 0, count: objectives.count)
    }

    init(_ objectives: [Metric], of trials: [Trial]) {
      self.init(objectives)
      for trial in trials { add(trial) }
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
  private(set) var stopped = 0
  private(set) var pruned = 0
  var stage: SearchStage { place.stage }
  private var place: Place
  private var seconds = 0.0
  /// Trials whose results were paid for elsewhere; they say nothing of how long others take.
  private var taken = 0
  private let workers: Int
  private let otherData: Set<Int>
  private let plan: Plan
  private var fronts: [Place: FrontTally] = [:]

  init(trials: [Trial], plan: Plan, otherData: Set<Int> = []) {
    self.otherData = otherData
    self.plan = plan
    workers = plan.runner.atOnce
    place = Place(stage: plan.stages.first ?? .structural, pick: nil)
    for trial in trials.sorted(by: { ($0.result?.sequence ?? 0) < ($1.result?.sequence ?? 0) }) {
      add(trial)
    }
  }

  /// Counts a trial that has ended.
  mutating func add(_ trial: Trial) {
    guard let result = trial.result else { return }
    trials.append(trial)
    place = Place(stage: trial.stage, pick: trial.suggestion.pick)
    guard result.outcome.wasEvaluated else {
      pruned += 1
      return
    }
    evaluated += 1
    if result.cached == nil { seconds += result.seconds } else { taken += 1 }
    if trial.isFinished {
      if !otherData.contains(trial.id) {
        let objectives = plan.objectives(of: trial.stage)
        if trial.repeats == nil {
          fronts[place, default: FrontTally(objectives)].add(trial)
        } else {
          fronts[place] = FrontTally(objectives, of: pooled(place))
        }
      }
    } else if trial.isFailure {
      failed += 1
    } else {
      stopped += 1
    }
  }

  /// The finished trials of a front, those by several seeds taken together.
  private func pooled(_ place: Place) -> [Trial] {
    trials.filter {
      $0.stage == place.stage && $0.suggestion.pick == place.pick && !otherData.contains($0.id)
    }.pooled().filter(\.isFinished)
  }

  func progress(running: Int, remaining: Int, picks: [Choice]) -> SearchProgress {
    let state = fronts[place]
    let pick = place.pick.flatMap { picks.indices.contains($0) ? picks[$0].name : nil }
    let share = state.map { state in
      HypervolumeTrack.share(
        of: state.front.entries.map(\.point), reference: state.worst, objectives: state.objectives)
    }
    let trained = evaluated - taken
    let each = trained > 0 ? seconds / Double(trained) : nil
    // On average, a trial under way is half done.
    let open = Double(remaining) + Double(running) / 2
    return SearchProgress(
      stage: stage, pick: pick, done: evaluated, running: running, remaining: remaining,
      failed: failed, stopped: stopped,
      pruned: pruned, frontSize: state?.front.entries.count ?? 0, hypervolume: share ?? 0,
      secondsLeft: each.map { $0 * open / Double(workers) })
  }
}
