/// How much room each point has on its front (Deb et al. 2002, NSGA-II): the larger, the lonelier.
public enum CrowdingDistance {
  /// The crowding distance of each point among all the points given, which should be one front.
  ///
  /// Per objective the gap between the two neighbours, in units of the objective's range; the mean over
  /// the objectives. The ends of each objective are infinitely lonely, and so is everything when there
  /// are at most two points. An objective in which all points are equal adds nothing.
  ///
  /// ```swift
  /// CrowdingDistance.values(of: [[0, 4], [1, 2], [4, 0]])  // [inf, 1, inf]
  /// ```
  public static func values(of points: [[Double]]) -> [Double] {
    guard points.count > 2, let dimensions = points.first?.count else {
      return [Double](repeating: .infinity, count: points.count)
    }
    var sums = [Double](repeating: 0, count: points.count)
    for axis in 0..<dimensions {
      let order = points.indices.sorted { left, right in
        let (a, b) = (points[left][axis], points[right][axis])
        return a != b ? a < b : left < right
      }
      let sorted = order.map { points[$0][axis] }
      let range = sorted[sorted.count - 1] - sorted[0]
      guard range > 0 else { continue }
      for (place, index) in order.enumerated() {
        let isEnd = place == 0 || place == order.count - 1
        if isEnd {
          sums[index] = .infinity
        } else {
          let toLast = (sorted[place] - sorted[place - 1]) / range
          let toNext = (sorted[place + 1] - sorted[place]) / range
          sums[index] += toLast + toNext
        }
      }
    }
    return sums.map { $0 / Double(dimensions) }
  }
}
