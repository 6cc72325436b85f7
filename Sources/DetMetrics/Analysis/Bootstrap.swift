public import DetBasics

/// How certain a measured AP is, given that the images are a sample: drawn repeatedly from the same images with
/// replacement, how much does it vary?
///
/// A draw holds some images twice and others not at all; as precision is the best at any higher recall, that alone
/// raises AP, the more the rarer the classes are, up to where the range of the draws leaves out the measured value. So
/// the draws are moved to have the measured value as their mean. With many rare classes the 95 % range holds the
/// expected AP in 92 to 94 of 100 data sets then, instead of 80 to 91 (`Benchmarks/evaluate/interval_coverage.py`).
///
/// ```swift
/// let interval = Bootstrap.interval(evaluator, samples: 1000, generator: Generator(seed: 7))
/// print("AP \(interval.value) [\(interval.lower), \(interval.upper)]")
/// ```
public enum Bootstrap {
  /// A value with the range in which it lies with the given confidence.
  public struct Interval: Codable, Equatable, Sendable {
    /// The value on the images as they are.
    public let value: Double
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// The standard deviation of the resampled values.
    public let standardError: Double
    /// The confidence, 0.95 for 95 %.
    public let confidence: Double
  }

  /// Two detectors on the same images.
  public struct Comparison: Codable, Equatable, Sendable {
    /// AP of the first.
    public let first: Interval
    /// AP of the second.
    public let second: Interval
    /// The second less the first, on the same draws: what both find hard cancels out.
    public let difference: Interval
    /// The two-sided probability of a difference at least this far from none, if there were none.
    public let probability: Double

    /// True when the interval of the difference leaves out 0.
    public var isResolved: Bool { difference.lower > 0 || difference.upper < 0 }
  }

  /// The percentile interval of AP over resampled images, about the measured value.
  public static func interval(
    _ evaluator: COCOEvaluator, samples: Int = 1000, confidence: Double = 0.95,
    generator: Generator
  ) -> Interval {
    let ranked = evaluator.ranked()
    let whole = ranked.averagePrecision([Int32](repeating: 1, count: ranked.imageCount))
    let values = resampled([ranked], around: [whole], samples, evaluator.threads, generator)
    return summarize(whole, values.map { $0[0] }, confidence, among: 0...1)
  }

  /// Compares two detectors on the same truth with paired draws; with `iou` by AP at that overlap alone.
  ///
  /// - Throws: ``MetricsError/notComparable(_:)`` when the two have different truths or parameters.
  public static func compare(
    _ first: COCOEvaluator, _ second: COCOEvaluator, iou: Double? = nil, samples: Int = 1000,
    confidence: Double = 0.95, generator: Generator
  ) throws -> Comparison {
    guard first.truth == second.truth, first.parameters == second.parameters else {
      throw MetricsError.notComparable(
        "the two results were measured against different truths or parameters; "
          + "evaluate both against the same")
    }
    let both = [first.ranked(iou: iou), second.ranked(iou: iou)]
    let ones = [Int32](repeating: 1, count: both[0].imageCount)
    let whole = both.map { $0.averagePrecision(ones) }
    let values = resampled(both, around: whole, samples, first.threads, generator)
    let differences = values.map { $0[1] - $0[0] }
    // One is added to each side, so that a finite number of draws never claims certainty.
    let below = differences.filter { $0 <= 0 }.count + 1
    let above = differences.filter { $0 >= 0 }.count + 1
    let oneSided = Double(min(below, above)) / Double(differences.count + 1)
    return Comparison(
      first: summarize(whole[0], values.map { $0[0] }, confidence, among: 0...1),
      second: summarize(whole[1], values.map { $0[1] }, confidence, among: 0...1),
      difference: summarize(whole[1] - whole[0], differences, confidence, among: -1...1),
      probability: min(1, 2 * oneSided))
  }

  /// Per draw the AP of each of the results, moved to have what was measured as its mean; draw i depends on the generator
  /// and i alone, not on threads. A draw that met no image with truths tells nothing and is left out. None when there are
  /// fewer than two images: every draw would be the same, and look like certainty.
  private static func resampled(
    _ results: [RankedResults], around measured: [Double], _ samples: Int, _ threads: Int,
    _ generator: Generator
  ) -> [[Double]] {
    precondition(samples > 0, "at least one sample is needed")
    let images = results[0].imageCount
    guard images > 1 else { return [] }
    let draws = Array(0..<samples)
    let values = Threads.map(draws, among: threads) { draw in
      var stream = generator.stream("bootstrap", draw)
      var weights = [Int32](repeating: 0, count: images)
      for _ in 0..<images { weights[stream.index(below: images)] += 1 }
      return results.map { $0.averagePrecision(weights) }
    }.filter { $0.allSatisfy { $0 >= 0 } }
    let biases = measured.enumerated().map { place, value in
      values.reduce(0) { $0 + ($1[place] - value) } / Double(max(1, values.count))
    }
    return values.map { zip($0, biases).map { $0 - $1 } }
  }

  /// Without values nothing is known but what is possible.
  private static func summarize(
    _ value: Double, _ values: [Double], _ confidence: Double, among possible: ClosedRange<Double>
  ) -> Interval {
    guard !values.isEmpty else {
      return Interval(
        value: value, lower: possible.lowerBound, upper: possible.upperBound,
        standardError: (possible.upperBound - possible.lowerBound) / 2, confidence: confidence)
    }
    let sorted = values.sorted()
    let tail = (1 - confidence) / 2
    func end(_ share: Double) -> Double {
      min(max(sorted.quantile(share), possible.lowerBound), possible.upperBound)
    }
    return Interval(
      value: value, lower: end(tail), upper: end(1 - tail),
      standardError: sorted.sampleDeviation, confidence: confidence)
  }
}
