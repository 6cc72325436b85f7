import DetBasics
public import DetSpec
import Foundation

/// How far trainings of one design by different seeds are apart in an accuracy, pooled over all designs that were trained more than once.
public struct SeedNoise: Sendable, Hashable {
  /// The standard deviation.
  public let deviation: Double
  /// The degrees of freedom: trainings beyond the first of each design.
  public let freedom: Int

  /// The noise among repeated values; nil when nothing was repeated.
  public init?(_ repeated: [[Double]]) {
    var (sum, freedom) = (0.0, 0)
    for values in repeated where values.count > 1 {
      sum += values.squaredDifferences
      freedom += values.count - 1
    }
    guard freedom > 0 else { return nil }
    deviation = (sum / Double(freedom)).squareRoot()
    self.freedom = freedom
  }

  /// Half the width of the 95 % interval of the mean of so many trainings.
  public func reach(ofMeanOf count: Int) -> Double {
    Self.quantile(freedom: freedom) * deviation / Double(count).squareRoot()
  }

  /// The 97.5 % quantile of the normal distribution.
  static let normalQuantile = 1.959964

  /// The 97.5 % quantile of Student's t distribution: exact for one and two degrees of freedom, above them by the expansion of Abramowitz
  /// and Stegun (26.7.5), with an error below 0.02 at three and falling.
  static func quantile(freedom: Int) -> Double {
    if freedom == 1 { return 12.7062 }
    if freedom == 2 { return 4.30265 }
    let (x, n) = (normalQuantile, Double(freedom))
    let (x3, x5, x7) = (pow(x, 3), pow(x, 5), pow(x, 7))
    let first = (x3 + x) / 4 / n
    let second = (5 * x5 + 16 * x3 + 3 * x) / 96 / (n * n)
    let third = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384 / (n * n * n)
    let fourth =
      (79 * pow(x, 9) + 776 * x7 + 1482 * x5 - 1920 * x3 - 945 * x) / 92160 / pow(n, 4)
    return x + first + second + third + fourth
  }
}

extension [String: Double] {
  /// The name among results of how many trainings, each by another seed, they are the mean of.
  private static let trainings = "trainings"

  /// How many trainings they are the mean of; each was by another seed.
  public var trainingCount: Int { Int(self[Self.trainings] ?? 1) }

  /// Whether they are apart from others in an accuracy by more than seeds explain, with 95 % confidence; nil where nothing is known of the
  /// seeds' noise.
  public func isResolved(from other: [String: Double], in accuracy: Metric) -> Bool? {
    guard let (mine, theirs) = (self[accuracy], other[accuracy]) as? (Double, Double),
      let (own, others) = (interval(of: accuracy), other.interval(of: accuracy))
        as? (ClosedRange<Double>, ClosedRange<Double>)
    else { return nil }
    // Half the widths add up as deviations of independent means do.
    let (left, right) = (
      (own.upperBound - own.lowerBound) / 2, (others.upperBound - others.lowerBound) / 2
    )
    return abs(mine - theirs) > (left * left + right * right).squareRoot()
  }

  fileprivate mutating func pool(_ all: [[String: Double]], _ noise: [Metric: SeedNoise]) {
    self[Self.trainings] = all.count > 1 ? Double(all.count) : nil
    for metric in Metric.accuracies {
      let values = all.compactMap { $0[metric] }
      guard !values.isEmpty else { continue }
      let mean = values.mean
      self[metric] = mean
      guard let noise = noise[metric] else { continue }
      let reach = noise.reach(ofMeanOf: values.count)
      setInterval(of: metric, Swift.max(0, mean - reach)...Swift.min(1, mean + reach))
    }
  }
}

extension [Trial] {
  /// The trials with each design once: trainings by other seeds are taken into the first one's accuracies, which become their means, with
  /// 95 % intervals by the noise of its stage (``SeedNoise``).
  ///
  /// - Parameter alike: stages whose designs are trained in one way: the noise of one is that of all, and a design that is trained in several of
  ///   them tells of it, too.
  /// - Returns: the trials; where no design was trained twice, as they are.
  public func pooled(alike: Set<SearchStage> = []) -> [Trial] {
    let repeated = filter { $0.repeats != nil }
    guard !repeated.isEmpty || alike.count > 1 else { return self }
    let others = Dictionary(
      grouping: repeated.filter(\.isFinished), by: { $0.repeats ?? 0 }
    ).mapValues { $0.map(\.metrics) }
    let firsts = filter { $0.repeats == nil }
    var noise: [SearchStage: [Metric: SeedNoise]] = [:]
    for stage in Set(firsts.map(\.stage)) {
      noise[stage] = self.noise(in: alike.contains(stage) ? alike : [stage])
    }
    return firsts.map { trial in
      guard case .finished(var metrics) = trial.outcome, let result = trial.result else {
        return trial
      }
      metrics.pool([metrics] + (others[trial.id] ?? []), noise[trial.stage] ?? [:])
      var pooled = trial
      pooled.result = .init(
        outcome: .finished(metrics: metrics), sequence: result.sequence, seconds: result.seconds,
        cached: result.cached)
      return pooled
    }
  }

  /// The noise of accuracies among the trainings of some stages.
  private func noise(in stages: Set<SearchStage>) -> [Metric: SeedNoise] {
    let finished = filter { stages.contains($0.stage) && $0.isFinished }
    let trainings = Dictionary(grouping: finished, by: \.design).values
      .filter { $0.count > 1 }.sorted { $0[0].id < $1[0].id }
    var noise: [Metric: SeedNoise] = [:]
    for metric in Metric.accuracies {
      noise[metric] = SeedNoise(trainings.map { own in own.compactMap { $0.metrics[metric] } })
    }
    return noise
  }
}
