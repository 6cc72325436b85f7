import DetMetrics
import DetSpec

/// Which design is trained once more, by another seed, so that a front does not hinge on luck: of all that were tried, those that look
/// best are those that were also lucky.
///
/// It is the front's member with the fewest trainings; of several, the one without which the front would lose most.
struct Reseeding: Sendable {
  private let objectives: [Metric]

  /// A choice by objectives.
  init(objectives: [Metric]) { self.objectives = objectives }

  /// The trial whose design is to be trained once more, nil while none has finished, of a space's trials in the order in which they were
  /// suggested, those under way and repetitions among them.
  func next(_ trials: [Trial]) -> Trial? {
    var trainings: [Int: Int] = [:]
    for trial in trials { trainings[trial.repeats ?? trial.id, default: 0] += 1 }
    let finished = trials.pooled.filter(\.isFinished)
    let points = finished.map { Front.point($0.metrics, objectives) }
    let directions = objectives.map(\.direction)
    let members = ParetoFront.indices(of: points, directions: directions)
    let fewest = members.compactMap { trainings[finished[$0].id] }.min()
    let candidates = members.filter { trainings[finished[$0].id] == fewest }
    // A little beyond the worst, so that the dearest member counts, too.
    let reference = HypervolumeTrack.worst(of: points, objectives: objectives).map { 1.1 * $0 }
    let losses = candidates.map { candidate -> Double in
      let others = members.filter { $0 != candidate }.map { points[$0] }
      // What is left without it; the less, the more it counts.
      return -Hypervolume.value(others, reference: reference, directions: directions)
    }
    let place = losses.indices.max { losses[$0] != losses[$1] ? losses[$0] < losses[$1] : $0 > $1 }
    return place.map { finished[candidates[$0]] }
  }
}
