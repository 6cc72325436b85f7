import DetBasics
import DetSpec

/// The 95 % interval of the median of runs that were taken in blocks.
///
/// Runs of a block are not independent of each other, blocks rather are: so blocks are drawn, with replacement, and the
/// median of their medians is looked at (a block bootstrap; Künsch 1989).
enum BlockInterval {
  private static let draws = 1000

  /// The interval; nil for less than three blocks. The draws are the same for the same times.
  static func ofMedian(_ blocks: [[Double]]) -> LatencyConditions.Interval? {
    let medians = blocks.filter { !$0.isEmpty }.map { $0.sorted().quantile(0.5) }
    guard medians.count >= 3 else { return nil }
    var generator = Generator(seed: 0).stream("blocks")
    let drawn = (0..<draws).map { _ in
      medians.indices.map { _ in medians[generator.index(below: medians.count)] }.sorted().quantile(
        0.5)
    }.sorted()
    return LatencyConditions.Interval(low: drawn.quantile(0.025), high: drawn.quantile(0.975))
  }
}
