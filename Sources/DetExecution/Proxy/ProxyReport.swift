import DetBasics
import DetMetrics
package import DetSpec

/// What trainings are worth as stand-ins for a long one: how they order designs, how far chance moves them, and what they cost.
package struct ProxyReport: Encodable, Sendable {
  /// The version of this form.
  package let version = 1
  /// The accuracy that designs are ordered by.
  package let accuracy: Metric
  /// The training that the others stand in for.
  package let long: ProxyTraining
  /// The trainings, cheapest first.
  package let rows: [Row]

  /// What there is to say of a training.
  package struct Row: Encodable, Sendable {
    /// The training.
    package let training: ProxyTraining
    /// Trainings with results, and without.
    package let finished: Int
    /// See ``finished``.
    package let failed: Int
    /// Seconds of one training, the mean.
    package let seconds: Double
    /// The standard deviation of a design's accuracy over seeds, pooled over designs; nil with one seed.
    package let noise: Double?
    /// The mean of Kendall's tau between a single training of each design and the long trainings' means, over seeds; of the long
    /// training itself, the others of its seeds are what it is compared with. Nil where there is nothing to compare.
    package let tau: Double?
    /// The range that holds 95 % of tau over designs drawn again.
    package let tauLow: Double?
    /// See ``tauLow``.
    package let tauHigh: Double?
  }

  /// Sums results up.
  package init(_ results: [ProxyResult], accuracy: Metric, long: ProxyTraining, seed: UInt64) {
    self.accuracy = accuracy
    self.long = long
    let trainings = Set(results.map(\.training))
    let scores = Dictionary(grouping: results, by: \.training).mapValues(Scores.init)
    rows = trainings.map { training in
      let own = results.filter { $0.training == training }
      let finished = own.filter { $0.accuracy != nil }
      let comparison = scores[training].flatMap { mine in
        scores[long].flatMap { Comparison(mine, with: $0, isSame: training == long, seed: seed) }
      }
      return Row(
        training: training, finished: finished.count, failed: own.count - finished.count,
        seconds: own.isEmpty ? 0 : own.reduce(0) { $0 + $1.seconds } / Double(own.count),
        noise: scores[training]?.noise, tau: comparison?.tau, tauLow: comparison?.low,
        tauHigh: comparison?.high)
    }.sorted { ($0.seconds, $0.training.words) < ($1.seconds, $1.training.words) }
  }

  /// The cheapest training whose order agrees well enough with the long one's; nil when none does.
  package func cheapest(tau wanted: Double) -> Row? {
    rows.first { $0.tau ?? -1 >= wanted }
  }
}

/// The accuracies of one training: of each design, one for each seed.
private struct Scores {
  /// By design, in one order for all trainings; only designs with results.
  let values: [String: [Int: Double]]

  init(_ results: [ProxyResult]) {
    var values: [String: [Int: Double]] = [:]
    for result in results {
      if let accuracy = result.accuracy {
        values[result.design.text, default: [:]][result.repetition] = accuracy
      }
    }
    self.values = values
  }

  var repetitions: [Int] { Set(values.values.flatMap(\.keys)).sorted() }

  /// The deviation over seeds, pooled.
  var noise: Double? {
    var (sum, freedom) = (0.0, 0)
    for scores in values.values where scores.count > 1 {
      let mean = scores.values.reduce(0, +) / Double(scores.count)
      sum += scores.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      freedom += scores.count - 1
    }
    return freedom > 0 ? (sum / Double(freedom)).squareRoot() : nil
  }

  /// The mean over seeds of a design, one of them left out.
  func mean(_ design: String, without left: Int?) -> Double? {
    let scores = (values[design] ?? [:]).filter { $0.key != left }.map(\.value)
    return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
  }
}

/// How a training orders designs beside a long one.
private struct Comparison {
  let tau: Double
  let low: Double
  let high: Double

  private static let draws = 400

  init?(_ mine: Scores, with long: Scores, isSame: Bool, seed: UInt64) {
    let designs = mine.values.keys.filter { long.values[$0] != nil }.sorted()
    func tau(_ designs: [String]) -> Double? {
      let each = mine.repetitions.compactMap { repetition -> Double? in
        let pairs = designs.compactMap { design -> (Double, Double)? in
          guard let own = mine.values[design]?[repetition],
            let other = long.mean(design, without: isSame ? repetition : nil)
          else { return nil }
          return (own, other)
        }
        return RankCorrelation(pairs)?.kendall
      }
      return each.isEmpty ? nil : each.reduce(0, +) / Double(each.count)
    }
    guard let value = tau(designs) else { return nil }
    self.tau = value
    var generator = Generator(seed: seed).stream("proxy intervals")
    let drawn = (0..<Self.draws).compactMap { _ in
      tau(designs.map { _ in designs[generator.index(below: designs.count)] })
    }.sorted()
    low = drawn.isEmpty ? value : drawn[drawn.count * 25 / 1000]
    high = drawn.isEmpty ? value : drawn[min(drawn.count - 1, drawn.count * 975 / 1000)]
  }
}
