package import DetSpec

/// Leaves out designs that cannot improve the front, by the rule of Li et al. 2019.
///
/// Of a trained design w it is expected that all designs below it (made from it by removing and narrowing) are no more
/// accurate. When some trained design is at least as accurate as w, then a design below w that costs no less than that one
/// cannot improve the front. Nothing is ever pruned for being larger. The expectation held for 23 of 24 published pairs,
/// not always; hence the margin by which the cheaper design must be better.
package struct PartialOrderPruning: Sendable {
  /// A trained design.
  private struct Trained: Sendable {
    let trial: Int
    let design: DetectorDesign
    let accuracy: Double
    let cost: Double
  }

  private let margin: Double
  private var trained: [Trained] = []

  /// A rule that knows no trained design yet.
  package init(margin: Double) { self.margin = margin }

  /// Takes a trained design in.
  package mutating func insert(
    trial: Int, design: DetectorDesign, accuracy: Double, cost: Double
  ) {
    let place = trained.firstIndex { $0.trial > trial } ?? trained.count
    trained.insert(
      Trained(trial: trial, design: design, accuracy: accuracy, cost: cost), at: place)
  }

  /// Why a design of a known cost cannot improve the front, in words; nil when it may.
  package func reason(against design: DetectorDesign, cost: Double) -> String? {
    for larger in trained where design.isBelow(larger.design) {
      let rival = trained.first { rival in
        rival.accuracy >= larger.accuracy + margin && rival.cost <= cost
      }
      if let rival {
        return
          "it is part of trial \(larger.trial), and trial \(rival.trial) is more accurate at no higher cost"
      }
    }
    return nil
  }
}
