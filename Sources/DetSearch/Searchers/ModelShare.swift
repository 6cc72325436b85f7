package import DetSpec

/// How often a stage's model chose the designs itself, and how often it stepped aside because it ordered trials that were held out
/// worse than chance, so that evolution chose.
package struct ModelShare: Sendable, Hashable, Encodable {
  /// Designs that the model chose.
  package let predicted: Int
  /// Designs that evolution chose in its place.
  package let aside: Int

  /// Counts a stage's trials; nil where no model searches, or none was asked yet.
  package init?(of trials: [Trial], stage: SearchStage, in plan: Plan) {
    let searcher: SearcherKind? =
      switch stage {
      case .structural: plan.structural?.searcher
      case .modular: plan.modular?.searcher
      case .final: nil
      }
    guard searcher == .model else { return nil }
    let kinds = trials.filter { $0.stage == stage }.map(\.suggestion.origin.kind)
    predicted = kinds.count { $0 == .predicted }
    aside = kinds.count { $0 == .mutation }
    guard predicted + aside > 0 else { return nil }
  }

  /// In a sentence without a full stop.
  package var words: String {
    let all = predicted + aside
    let chosen = "the model chose \(predicted) of \(all) \(all == 1 ? "design" : "designs")"
    return aside == 0
      ? chosen
      : "\(chosen), and evolution the others, while the model ordered held-out trials worse than chance"
  }
}
