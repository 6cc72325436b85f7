import DetBasics
import DetSpec

/// Runs before any is timed: as many as the settings say, and on until the times are steady.
struct WarmUp {
  private let settings: LatencySettings
  private let probe: LatencyProbe

  init(_ settings: LatencySettings, _ probe: LatencyProbe) {
    self.settings = settings
    self.probe = probe
  }

  /// Steady: the medians of two groups of runs in a row differ by less than this share.
  private static let tolerance = 0.05
  private static let mostGroups = 8

  func callAsFunction(_ run: () -> Void) {
    guard settings.warmupRuns > 0 else { return }
    let size = max(1, settings.warmupRuns / 2)
    var last = Double.infinity
    for group in 0..<Self.mostGroups {
      let times = TimedRuns(size, probe, run).milliseconds
      let median = times.sorted().quantile(0.5)
      if group > 0, abs(median - last) <= Self.tolerance * last { return }
      last = median
    }
  }
}
