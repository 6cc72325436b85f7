/// Times of single-image runs of a whole detector, post-processing included, in milliseconds.
public struct LatencySummary: Sendable, Hashable, Codable {
  /// Half of the runs were faster.
  public let median: Double
  /// A tenth of the runs was faster.
  public let p10: Double
  /// Nine tenths of the runs were faster.
  public let p90: Double
  /// Every timed run, in order, so that drift can be seen.
  public let samples: [Double]

  /// Summarises samples; nil without any, or with one that is not finite.
  public init?(samples: [Double]) {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite) else { return nil }
    let sorted = samples.sorted()
    self.samples = samples
    median = Self.quantile(0.5, sorted)
    p10 = Self.quantile(0.1, sorted)
    p90 = Self.quantile(0.9, sorted)
  }

  /// The quantile by linear interpolation between the two nearest samples.
  static func quantile(_ fraction: Double, _ sorted: [Double]) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    let share = position - Double(lower)
    return sorted[lower] * (1 - share) + sorted[upper] * share
  }
}
