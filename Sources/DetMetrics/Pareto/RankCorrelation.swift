/// Whether two measurements order things alike: does a short training predict a long one?
public enum RankCorrelation {
  /// Kendall's tau-b, corrected for ties, in -1 ... 1; nil when either side is constant or too short.
  ///
  /// ```swift
  /// RankCorrelation.kendall([1, 2, 3], [1, 3, 2])  // 0.333…
  /// ```
  public static func kendall(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "both sides need the same number of values")
    var (concordant, discordant, leftTies, rightTies) = (0, 0, 0, 0)
    for first in left.indices {
      for second in left.indices.dropFirst(first + 1) {
        let x = left[first] - left[second]
        let y = right[first] - right[second]
        if x == 0 { leftTies += 1 }
        if y == 0 { rightTies += 1 }
        if x == 0 || y == 0 { continue }
        if (x > 0) == (y > 0) { concordant += 1 } else { discordant += 1 }
      }
    }
    let pairs = left.count * (left.count - 1) / 2
    let scale = Double(pairs - leftTies).squareRoot() * Double(pairs - rightTies).squareRoot()
    return scale > 0 ? Double(concordant - discordant) / scale : nil
  }

  /// Spearman's rho: Pearson's correlation of the ranks, ties sharing their mean rank; nil when either
  /// side is constant or too short.
  public static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    pearson(ranks(of: left), ranks(of: right))
  }

  /// Pearson's correlation; nil when either side is constant or too short.
  public static func pearson(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "both sides need the same number of values")
    guard left.count > 1 else { return nil }
    let leftMean = left.reduce(0, +) / Double(left.count)
    let rightMean = right.reduce(0, +) / Double(right.count)
    var (product, leftSquare, rightSquare) = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
      product += (x - leftMean) * (y - rightMean)
      leftSquare += (x - leftMean) * (x - leftMean)
      rightSquare += (y - rightMean) * (y - rightMean)
    }
    let scale = leftSquare.squareRoot() * rightSquare.squareRoot()
    return scale > 0 ? min(1, max(-1, product / scale)) : nil
  }

  /// The rank of each value from 1; equal values share the mean of their ranks.
  ///
  /// ```swift
  /// RankCorrelation.ranks(of: [10, 20, 20, 5])  // [2, 3.5, 3.5, 1]
  /// ```
  public static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let shared = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = shared }
      start = end
    }
    return ranks
  }
}
