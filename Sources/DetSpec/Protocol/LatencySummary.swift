import DetBasics

/// Times of repeated runs in milliseconds: of a whole detector on one image, post-processing included, or of a training step.
public struct LatencySummary: Sendable, Hashable, Codable {
  /// The median.
  public let median: Double
  /// The 10th percentile.
  public let p10: Double
  /// The 90th percentile.
  public let p90: Double
  /// Every timed run, in order, so that drift can be seen.
  public let samples: [Double]

  /// Summarises samples; nil without any, or with one that is not finite.
  public init?(samples: [Double]) {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite) else { return nil }
    let sorted = samples.sorted()
    self.samples = samples
    median = sorted.quantile(0.5)
    p10 = sorted.quantile(0.1)
    p90 = sorted.quantile(0.9)
  }
}
