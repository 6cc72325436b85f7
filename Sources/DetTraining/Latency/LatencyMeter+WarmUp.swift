import DetBasics
import DetSpec

extension LatencyMeter {
  /// Runs before any is timed: as many as the settings say, and on until the times are steady.
  func warmUp(_ run: () -> Void) {
    guard settings.warmupRuns > 0 else { return }
    let size = max(1, settings.warmupRuns / 2)
    var last = Double.infinity
    for group in 0..<Self.mostGroups {
      let median = TimedRuns(size, probe, run).milliseconds.sorted().quantile(0.5)
      if group > 0, abs(median - last) <= Self.steadiness * last { return }
      last = median
    }
  }

  /// Steady: the medians of two groups of runs in a row differ by less than this share.
  private static let steadiness = 0.05
  private static let mostGroups = 8
}
