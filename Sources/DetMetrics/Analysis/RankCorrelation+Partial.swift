import Foundation

extension RankCorrelation {
  /// A correlation of ranks with the range in which it lies at 95 % confidence.
  package struct Estimate: Sendable, Hashable, Codable {
    /// Spearman's rho, or the same at a fixed third number.
    package let value: Double
    /// The lower end.
    package let lower: Double
    /// The upper end.
    package let upper: Double

    /// Whether the range leaves out 0.
    package var isResolved: Bool { lower > 0 || upper < 0 }

    /// By Fisher's transformation, with the variance for ranks of Bonett & Wright (2000); without a range for fewer than
    /// five things.
    init(_ value: Double, count: Int, controls: Int = 0) {
      self.value = value
      let free = Double(count - 3 - controls)
      guard free > 0, abs(value) < 1 else {
        (lower, upper) = free > 0 ? (value, value) : (-1, 1)
        return
      }
      let reach = 1.96 * ((1 + value * value / 2) / free).squareRoot()
      lower = tanh(atanh(value) - reach)
      upper = tanh(atanh(value) + reach)
    }
  }

  /// Spearman's rho with its range.
  package var estimate: Estimate { Estimate(spearman, count: count) }

  /// The correlation of two numbers' ranks that is left when a third is held fixed: of `(a, b, fixed)` that of a and b, each less
  /// what a line over the ranks of `fixed` says of it. Nil where one number is the same for all, or follows the third.
  package static func partial(_ things: [(Double, Double, Double)]) -> Estimate? {
    guard let ab = RankCorrelation(things.map { ($0.0, $0.1) }),
      let ac = RankCorrelation(things.map { ($0.0, $0.2) }),
      let bc = RankCorrelation(things.map { ($0.1, $0.2) })
    else { return nil }
    let left = (1 - ac.spearman * ac.spearman) * (1 - bc.spearman * bc.spearman)
    guard left > 1e-12 else { return nil }
    let value = (ab.spearman - ac.spearman * bc.spearman) / left.squareRoot()
    return Estimate(max(-1, min(1, value)), count: things.count, controls: 1)
  }
}
