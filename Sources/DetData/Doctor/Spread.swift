/// How numbers are distributed: minimum, 10th percentile, median, 90th percentile, maximum.
public struct Spread: Sendable, Equatable, Codable {
  /// How many numbers.
  public let count: Int
  /// The smallest.
  public let least: Double
  /// The 10th percentile.
  public let p10: Double
  /// The median.
  public let median: Double
  /// The 90th percentile.
  public let p90: Double
  /// The largest.
  public let most: Double

  /// The spread of some numbers; all zero when there are none.
  public init(_ numbers: [Double]) {
    let sorted = numbers.sorted()
    func at(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int((share * Double(sorted.count - 1)).rounded())]
    }
    count = sorted.count
    least = at(0)
    p10 = at(0.1)
    median = at(0.5)
    p90 = at(0.9)
    most = at(1)
  }
}
