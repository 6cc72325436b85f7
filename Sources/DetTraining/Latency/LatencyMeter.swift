import DetBasics
public import DetSpec

/// Times single-image runs of a whole detector, post-processing included.
///
/// Runs are warm and cycle over real images. A measurement that was disturbed (its first and last thirds differ,
/// or its tail is long) is repeated, and the calmest of the attempts counts.
public struct LatencyMeter {
  /// How many runs.
  public let settings: LatencySettings
  /// Attempts at a calm measurement.
  public let attempts: Int

  /// A meter for these settings.
  public init(settings: LatencySettings, attempts: Int = 3) {
    precondition(attempts >= 1, "a measurement takes at least one attempt, not \(attempts)")
    self.settings = settings
    self.attempts = attempts
  }

  /// Calls `run` with the numbers 0, 1, 2 … and times each call after the warm-up.
  ///
  /// Returns nil when a time was not finite. `now` is in milliseconds.
  public func measure(
    now: () -> Double = Self.monotonicMilliseconds, _ run: (Int) throws -> Void
  ) rethrows -> LatencySummary? {
    var count = 0
    for _ in 0..<settings.warmupRuns {
      try run(count)
      count += 1
    }
    var best: (summary: LatencySummary, unrest: Double)?
    for _ in 0..<attempts {
      var samples: [Double] = []
      for _ in 0..<settings.runs {
        let start = now()
        try run(count)
        samples.append(now() - start)
        count += 1
      }
      guard let summary = LatencySummary(samples: samples) else { return nil }
      let unrest = Self.unrest(of: summary)
      if unrest < best?.unrest ?? .infinity { best = (summary, unrest) }
      if unrest < Self.calm { break }
    }
    return best?.summary
  }

  /// Below this, a measurement counts as undisturbed.
  static let calm = 0.1

  /// How disturbed a measurement was: the larger of its drift (first third against last, as a share of the
  /// median) and half its spread between p10 and p90.
  static func unrest(of summary: LatencySummary) -> Double {
    guard summary.median > 0 else { return 0 }
    let third = max(1, summary.samples.count / 3)
    let first = LatencySummary(samples: Array(summary.samples.prefix(third)))?.median ?? 0
    let last = LatencySummary(samples: Array(summary.samples.suffix(third)))?.median ?? 0
    let drift = abs(last - first) / summary.median
    let spread = (summary.p90 - summary.p10) / (2 * summary.median)
    return max(drift, spread)
  }

  /// The machine's monotonic clock in milliseconds.
  public static func monotonicMilliseconds() -> Double {
    (ContinuousClock.now - origin).inMilliseconds
  }

  private static let origin = ContinuousClock.now
}
