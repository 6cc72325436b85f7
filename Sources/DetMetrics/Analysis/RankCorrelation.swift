/// How far two numbers put the same things in the same order: 1 in the same, -1 in the opposite one.
package struct RankCorrelation: Sendable, Hashable, Encodable {
  /// How many things have both numbers.
  package let count: Int
  /// Kendall's tau-b: pairs in the same order less those in the opposite one, as a share; ties are taken out (Kendall 1945).
  package let kendall: Double
  /// Spearman's rho: the correlation of the ranks, of which equal numbers share the mean.
  package let spearman: Double

  /// Compares two numbers of each thing; nil for fewer than two things, or where one of the numbers is the same for all.
  package init?(_ pairs: [(Double, Double)]) {
    var (agreeing, left, right) = (0, 0, 0)
    for (index, one) in pairs.enumerated() {
      for other in pairs[..<index] {
        let (a, b) = (Self.sign(one.0 - other.0), Self.sign(one.1 - other.1))
        agreeing += a * b
        left += a * a
        right += b * b
      }
    }
    guard left > 0, right > 0 else { return nil }
    count = pairs.count
    kendall = Double(agreeing) / Double(left * right).squareRoot()
    spearman = Self.correlation(Self.ranks(pairs.map(\.0)), Self.ranks(pairs.map(\.1)))
  }

  private static func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }

  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let end = order[start...].prefix { values[$0] == values[order[start]] }.endIndex
      for place in order[start..<end] { ranks[place] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let mean = Double(a.count - 1) / 2
    func sum(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    }
    return sum(a, b) / (sum(a, a) * sum(b, b)).squareRoot()
  }
}
