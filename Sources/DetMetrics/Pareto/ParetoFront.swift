public import DetBasics

/// The points that no other point dominates, and the layers behind them.
///
/// A point dominates another when it is at least as good in every objective and better in one; equal points do
/// not dominate each other, so twins share a rank. Coordinates may be infinite, not NaN.
///
/// ```swift
/// let points = [[0.30, 20.0], [0.28, 25.0], [0.35, 40.0]]  // AP, milliseconds
/// ParetoFront.indices(of: points, directions: [.maximize, .minimize])  // [0, 2]
/// ```
public enum ParetoFront {
  /// The indices of the points that no other point dominates, ascending.
  public static func indices(of points: [[Double]], directions: [Direction]) -> [Int] {
    let costs = CostPoints(points, directions)
    let order = costs.lexicographicOrder()
    return (costs.dimensions == 2 ? planarFront(costs, order) : front(costs, order)).sorted()
  }

  /// For each point the number of the front it lies on: 0 for the Pareto front, 1 for the front that
  /// is left when that one is taken away, and so on (non-dominated sorting).
  ///
  /// Two objectives take O(n log n); more take the sequential search of Zhang et al. 2015 (ENS).
  public static func nonDominatedRanks(of points: [[Double]], directions: [Direction]) -> [Int] {
    let costs = CostPoints(points, directions)
    let order = costs.lexicographicOrder()
    return costs.dimensions == 2 ? planarRanks(costs, order) : ranks(costs, order)
  }

  /// The fronts as lists of ascending indices, best first.
  public static func fronts(of points: [[Double]], directions: [Direction]) -> [[Int]] {
    let ranks = nonDominatedRanks(of: points, directions: directions)
    var fronts = [[Int]](repeating: [], count: (ranks.max() ?? -1) + 1)
    for (index, rank) in ranks.enumerated() { fronts[rank].append(index) }
    return fronts
  }

  /// Whether `left` is at least as good as `right` in every objective and better in one.
  public static func dominates(
    _ left: [Double], _ right: [Double], directions: [Direction]
  ) -> Bool {
    precondition(
      left.count == directions.count && right.count == directions.count,
      "points of \(left.count) and \(right.count) coordinates for \(directions.count) objectives")
    return Dominance.holds(
      axes: directions.count, of: { left[$0] * Dominance.sign(directions[$0]) },
      over: { right[$0] * Dominance.sign(directions[$0]) })
  }

  // MARK: - Two objectives

  private static func planarFront(_ costs: CostPoints, _ order: [Int]) -> [Int] {
    var front: [Int] = []
    var last: (x: Double, y: Double)?
    for row in order {
      let (x, y) = (costs.values[2 * row], costs.values[2 * row + 1])
      // In lexicographic order only an earlier point can dominate; a twin of the last member is kept.
      if let best = last, best.y <= y, best != (x, y) { continue }
      front.append(row)
      last = (x, y)
    }
    return front
  }

  /// Patience sorting: each front remembers its latest member, which has its least second cost; those
  /// grow from front to front, so that the first front that does not dominate is found by bisection.
  private static func planarRanks(_ costs: CostPoints, _ order: [Int]) -> [Int] {
    var ranks = [Int](repeating: 0, count: costs.count)
    var leastSecond: [Double] = []
    var previous: Int?
    for row in order {
      let (x, y) = (costs.values[2 * row], costs.values[2 * row + 1])
      if let twin = previous, costs.values[2 * twin] == x, costs.values[2 * twin + 1] == y {
        ranks[row] = ranks[twin]
        continue
      }
      previous = row
      var (low, high) = (0, leastSecond.count)
      while low < high {
        let middle = (low + high) / 2
        if leastSecond[middle] <= y { low = middle + 1 } else { high = middle }
      }
      if low == leastSecond.count { leastSecond.append(y) } else { leastSecond[low] = y }
      ranks[row] = low
    }
    return ranks
  }

  // MARK: - Any number of objectives

  private static func front(_ costs: CostPoints, _ order: [Int]) -> [Int] {
    var front: [Int] = []
    for row in order where !front.contains(where: { costs.dominates($0, row) }) {
      front.append(row)
    }
    return front
  }

  private static func ranks(_ costs: CostPoints, _ order: [Int]) -> [Int] {
    var ranks = [Int](repeating: 0, count: costs.count)
    var fronts: [[Int]] = []
    for row in order {
      // The members nearest in the order are the likeliest to dominate.
      let rank = fronts.firstIndex { front in
        !front.reversed().contains { costs.dominates($0, row) }
      }
      if let rank { fronts[rank].append(row) } else { fronts.append([row]) }
      ranks[row] = rank ?? fronts.count - 1
    }
    return ranks
  }
}
