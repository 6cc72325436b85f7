import DetBasics
import DetMetrics
import DetSpec

/// Which designs are trained once more, by other seeds, so that a front does not hinge on luck: of all that were tried, those that look
/// best are those that were also lucky.
///
/// It is the front's member with the fewest trainings; of several, the one without which the front would lose most.
struct Reseeding: Sendable {
  private let objectives: [Metric]
  private let most: Int
  /// How many trials train a design once more.
  private(set) var count = 0
  /// Trainings by the first trial of a design, those under way among them.
  private var trainings: [Int: Int] = [:]
  /// What the finished ones came to, in the objectives' order; the first trial's own first.
  private var results: [Int: [[Double]]] = [:]

  /// A choice of at most so many repetitions.
  init(objectives: [Metric], most: Int) {
    self.objectives = objectives
    self.most = most
  }

  /// How many more there may be.
  var left: Int { most - count }

  /// Notes that a trial was begun.
  mutating func register(_ trial: Trial) {
    trainings[trial.repeats ?? trial.id, default: 0] += 1
    if trial.repeats != nil { count += 1 }
  }

  /// Notes that a trial has finished. Of one that repeats another, gives what the design is judged by from now on: its accuracies are
  /// means, its costs are the first training's.
  mutating func observe(_ trial: Trial) -> (first: Int, point: [Double])? {
    guard trial.isFinished else { return nil }
    let first = trial.repeats ?? trial.id
    results[first, default: []].append(Front.point(trial.metrics, objectives))
    return trial.repeats == nil ? nil : results[first].map { (first, mean($0)) }
  }

  private func mean(_ trainings: [[Double]]) -> [Double] {
    objectives.indices.map { axis in
      objectives[axis].isAccuracy ? trainings.map { $0[axis] }.mean : trainings[0][axis]
    }
  }

  /// The trial whose design is to be trained once more; nil when no trial has finished, or all repetitions are used up.
  var next: Int? {
    guard left > 0 else { return nil }
    let known = results.sorted { $0.key < $1.key }.map { (trial: $0.key, point: mean($0.value)) }
    let points = known.map(\.point)
    let directions = objectives.map(\.direction)
    let members = ParetoFront.indices(of: points, directions: directions)
    let fewest = members.compactMap { trainings[known[$0].trial] }.min()
    let candidates = members.filter { trainings[known[$0].trial] == fewest }
    // A little beyond the worst, so that the dearest member counts, too.
    let reference = HypervolumeTrack.worst(of: points, objectives: objectives).map { 1.1 * $0 }
    // What is left without a member; the less, the more it counts.
    let left = candidates.map { candidate in
      Hypervolume.value(
        members.filter { $0 != candidate }.map { points[$0] }, reference: reference,
        directions: directions)
    }
    return left.indices.min { left[$0] != left[$1] ? left[$0] < left[$1] : $0 < $1 }
      .map { known[candidates[$0]].trial }
  }
}
