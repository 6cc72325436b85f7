package import DetSpec

/// Leaves out designs that cannot improve the front, by the rule of Li et al. 2019.
///
/// Of a trained design w it is expected that all designs below it (made from it by removing and narrowing) are no more
/// accurate. When some trained design is at least as accurate as w, then a design below w that costs no less than that one
/// cannot improve the front. Nothing is ever pruned for being larger. The expectation held for 23 of 24 published pairs,
/// not always; hence the margin by which the cheaper design must be better.
///
/// A measured cost is a range: a rival is cheaper when its range ends before the design's begins.
package struct PartialOrderPruning: Sendable {
  /// A trained design.
  package struct Trained: Sendable {
    /// The trial's number.
    package let trial: Int
    /// The place of its outcome in time.
    package let sequence: Int
    /// The design.
    package let design: DetectorDesign
    /// How accurate it is.
    package let accuracy: Double
    /// What it costs; nil where that cannot be compared.
    package let cost: ClosedRange<Double>?

    /// Describes a trained design.
    package init(
      trial: Int, sequence: Int, design: DetectorDesign, accuracy: Double,
      cost: ClosedRange<Double>?
    ) {
      self.trial = trial
      self.sequence = sequence
      self.design = design
      self.accuracy = accuracy
      self.cost = cost
    }
  }

  private let margin: Double
  private var trained: [Trained] = []

  /// A rule that knows no trained design yet.
  package init(margin: Double) { self.margin = margin }

  /// Takes a trained design in.
  package mutating func insert(_ design: Trained) {
    let place = trained.firstIndex { $0.trial > design.trial } ?? trained.count
    trained.insert(design, at: place)
  }

  /// The first two trials that prove that a design of a known cost cannot improve the front; nil when it may.
  ///
  /// - Parameters:
  ///   - design: the design.
  ///   - cost: what it costs.
  ///   - known: how many outcomes may be looked at: those that were known when the design was suggested.
  /// - Returns: the larger design, and the more accurate one at no higher cost.
  package func proof(
    against design: DetectorDesign, cost: ClosedRange<Double>, known: Int = .max
  ) -> (larger: Trained, rival: Trained)? {
    let rivals = trained.filter { rival in
      rival.sequence <= known && rival.cost.map { $0.upperBound <= cost.lowerBound } ?? false
    }
    guard let best = rivals.lazy.map(\.accuracy).max() else { return nil }
    let larger = trained.first { larger in
      larger.sequence <= known && best >= larger.accuracy + margin
        && design.isBelow(larger.design)
    }
    guard let larger,
      let rival = rivals.first(where: { $0.accuracy >= larger.accuracy + margin })
    else { return nil }
    return (larger, rival)
  }
}
