public import DetBasics

/// The volume between a set of points and a reference point that is worse than all of them: one number
/// for how good a front is, which no loss in any objective can raise.
///
/// ```swift
/// Hypervolume.value([[1, 3], [2, 1]], reference: [4, 4], directions: [.minimize, .minimize])  // 7
/// ```
public enum Hypervolume {
  /// The exact hypervolume of the points, of any number of objectives.
  ///
  /// Points that are not better than the reference in every objective add nothing. Two objectives take
  /// one sort; more take the WFG recursion (While, Bradstreet & Barone 2012), exact and fit for the
  /// hundreds of points of a front.
  public static func value(
    _ points: [[Double]], reference: [Double], directions: [Direction]
  ) -> Double {
    let costs = CostPoints(points, directions)
    let corner = CostPoints([reference], directions).values
    if costs.dimensions == 2 { return planar(costs, corner) }
    let inside = (0..<costs.count).compactMap { row -> [Double]? in
      let start = row * costs.dimensions
      let point = Array(costs.values[start..<start + costs.dimensions])
      return zip(point, corner).allSatisfy { $0 < $1 } ? point : nil
    }
    return volume(nonDominated(inside), corner)
  }

  private static func planar(_ costs: CostPoints, _ corner: [Double]) -> Double {
    var volume = 0.0
    var ceiling = corner[1]
    for row in costs.lexicographicOrder() {
      let (x, y) = (costs.values[2 * row], costs.values[2 * row + 1])
      guard x < corner[0], y < ceiling else { continue }
      volume += (corner[0] - x) * (ceiling - y)
      ceiling = y
    }
    return volume
  }

  // MARK: - WFG

  private static func volume(_ points: [[Double]], _ corner: [Double]) -> Double {
    // Worst first in the last objective, so that the sets which limit each other get small early.
    let sorted = points.sorted { left, right in
      left.lexicographicallyPrecedes(right) && left != right
    }
    var total = 0.0
    for (index, point) in sorted.enumerated() {
      total += exclusive(point, sorted[(index + 1)...], corner)
    }
    return total
  }

  /// What `point` covers and none of `others` does.
  private static func exclusive(
    _ point: [Double], _ others: ArraySlice<[Double]>, _ corner: [Double]
  ) -> Double {
    var inclusive = 1.0
    for (value, limit) in zip(point, corner) { inclusive *= limit - value }
    guard !others.isEmpty else { return inclusive }
    let limited = others.map { other in zip(other, point).map { max($0, $1) } }
    return inclusive - volume(nonDominated(limited), corner)
  }

  private static func nonDominated(_ points: [[Double]]) -> [[Double]] {
    guard let first = points.first else { return [] }
    let directions = [Direction](repeating: .minimize, count: first.count)
    var kept: [[Double]] = []
    for index in ParetoFront.indices(of: points, directions: directions)
    where !kept.contains(points[index]) {
      kept.append(points[index])
    }
    return kept
  }
}
