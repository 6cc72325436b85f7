import DetMetrics
public import DetSpec

/// The share of the ideal hypervolume that a search has covered, after each of its finished trials.
///
/// The reference point is accuracy 0 and, per cost, the largest value among the trials given, so that the numbers of
/// one list compare with each other. They are shares of the box between the reference and the ideal (accuracy 1,
/// cost 0): 0 … 1.
public enum HypervolumeTrack {
  /// One share per trial, in the order given.
  ///
  /// - Parameters:
  ///   - points: the trials' results in the objectives' order.
  ///   - objectives: what the coordinates mean.
  /// - Returns: a share per point, never falling.
  public static func shares(of points: [[Double]], objectives: [Metric]) -> [Double] {
    let reference = worst(of: points, objectives: objectives)
    var front = FrontTracker(directions: objectives.map(\.direction))
    var last = 0.0
    return points.enumerated().map { index, point in
      if front.insert(trial: index, point: point) {
        last = share(
          of: front.entries.map(\.point), reference: reference, objectives: objectives)
      }
      return last
    }
  }

  /// The share of one front against a reference point.
  package static func share(
    of front: [[Double]], reference: [Double], objectives: [Metric]
  ) -> Double {
    guard !front.isEmpty else { return 0 }
    var box = 1.0
    for (value, objective) in zip(reference, objectives) where !objective.isAccuracy {
      box *= value
    }
    let volume = Hypervolume.value(
      front, reference: reference, directions: objectives.map(\.direction))
    return box > 0 ? volume / box : 0
  }

  /// The reference point of a set of trials: accuracy 0, and the largest of each cost.
  package static func worst(of points: [[Double]], objectives: [Metric]) -> [Double] {
    objectives.indices.map { axis in
      objectives[axis].isAccuracy ? 0 : points.reduce(0) { max($0, $1[axis]) }
    }
  }
}
