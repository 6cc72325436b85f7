import DetBasics
import DetMetrics
import DetSpec

/// Which designs are trained once more, by other seeds, so that a front does not hinge on luck: of all that were tried, those that look
/// best are those that were also lucky.
///
/// It is the design of which one more training tells most about whether one belongs to the front (``FrontChances``): that one, or the one
/// that takes most from its chance if it was trained less often. While nothing is known of the noise, or nothing is in doubt, it is the front's member with the fewest trainings; of several, the
/// one without which the front would lose most.
struct Reseeding: Sendable {
  /// What one more training must tell at least, for a design to be preferred: a chance of 0.99 after one training.
  private static let leastDoubt = 0.005

  private let objectives: [Metric]
  private let most: Int
  /// How many trials train a design once more.
  private(set) var count = 0
  /// Trainings by the first trial of a design, those under way among them.
  private var trainings: [Int: Int] = [:]
  /// What the finished ones came to, in the objectives' order; the first trial's own first.
  private var results: [Int: [[Double]]] = [:]
  /// How far each first trial's costs may be off.
  private var deviations: [Int: [Double]] = [:]

  /// A choice of at most so many repetitions.
  init(objectives: [Metric], most: Int) {
    self.objectives = objectives
    self.most = most
  }

  /// How many more there may be.
  var left: Int { most - count }

  /// Whether one is due after so many of a number of designs: a third of them on the way, from which the noise is learnt, and the others
  /// at the end, when the front is there.
  func isDue(after evaluated: Int, of budget: Int) -> Bool {
    guard left > 0 else { return false }
    let early = most / 3
    return evaluated >= budget - left
      || count < early && evaluated >= (count + 1) * budget / (early + 1)
  }

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
    if trial.repeats == nil { deviations[first] = trial.metrics.uncertain(objectives).deviations }
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
    let members = ParetoFront.indices(of: points, directions: objectives.map(\.direction))
    return (doubtful(known, members) ?? needed(points, among: members, known.map(\.trial)))
      .map { known[$0].trial }
  }

  /// The place of the design of which one more training tells most; nil when nothing is in doubt.
  private func doubtful(_ known: [(trial: Int, point: [Double])], _ members: [Int]) -> Int? {
    let noise = objectives.indices.map { axis in
      objectives[axis].isAccuracy ? SeedNoise(results.values.map { $0.map { $0[axis] } }) : nil
    }
    let candidates = known.map { trial, point in
      FrontChances.Candidate(
        point: point,
        deviations: objectives.indices.map { axis in
          noise[axis].map { $0.deviation / Double(results[trial]?.count ?? 1).squareRoot() }
            ?? deviations[trial]?[axis] ?? 0
        })
    }
    let chances = FrontChances(objectives: objectives)(candidates, front: members)
    func count(_ place: Int) -> Double { Double(trainings[known[place].trial] ?? 1) }
    var doubts = [Double](repeating: 0, count: known.count)
    for (place, chance) in chances.enumerated() {
      let judged = [place, chance.rival ?? place].min { count($0) < count($1) } ?? place
      // A mean of one more has so much less of the variance.
      let doubt = chance.value * (1 - chance.value) * 2 / (count(judged) * (count(judged) + 1))
      doubts[judged] = max(doubts[judged], doubt)
    }
    return doubts.indices.max { doubts[$0] != doubts[$1] ? doubts[$0] < doubts[$1] : $0 > $1 }
      .flatMap { doubts[$0] >= Self.leastDoubt ? $0 : nil }
  }

  /// The place of the member with the fewest trainings without which the front would lose most; nil without members.
  private func needed(_ points: [[Double]], among members: [Int], _ trials: [Int]) -> Int? {
    let fewest = members.compactMap { trainings[trials[$0]] }.min()
    let candidates = members.filter { trainings[trials[$0]] == fewest }
    // A little beyond the worst, so that the dearest member counts, too.
    let reference = HypervolumeTrack.worst(of: points, objectives: objectives).map { 1.1 * $0 }
    // What is left without a member; the less, the more it counts.
    let left = candidates.map { candidate in
      Hypervolume.value(
        members.filter { $0 != candidate }.map { points[$0] }, reference: reference,
        directions: objectives.map(\.direction))
    }
    return left.indices.min { left[$0] != left[$1] ? left[$0] < left[$1] : $0 < $1 }
      .map { candidates[$0] }
  }
}
