import DetSpec

/// Partial order pruning as a plan wants it: by its accuracy, against the cost that is known before training.
struct Pruner: Sendable {
  private var rule: PartialOrderPruning
  private let accuracy: Metric
  private let counted: Metric
  private let cost: CostModel

  /// The rule of a plan; nil when it does not prune.
  init?(_ plan: ModularPlan, cost: @escaping CostModel) {
    guard plan.canPrune, let accuracy = plan.objectives.first(where: \.isAccuracy),
      let counted = plan.objectives.first(where: \.isCounted)
    else { return nil }
    rule = PartialOrderPruning(margin: plan.pruningMargin)
    self.accuracy = accuracy
    self.counted = counted
    self.cost = cost
  }

  /// Why a design cannot improve the front, in words; nil when it may.
  func reason(against design: DetectorDesign) -> String? {
    rule.reason(against: design, cost: value(design))
  }

  /// Takes a trained design in.
  mutating func insert(_ trial: Trial) {
    guard let accuracy = trial.metrics[accuracy] else { return }
    rule.insert(
      trial: trial.id, design: trial.design, accuracy: accuracy, cost: value(trial.design))
  }

  private func value(_ design: DetectorDesign) -> Double {
    guard let value = counted.value(cost(design, .modular)) else {
      preconditionFailure("\(counted) does not follow from the design")
    }
    return value
  }
}
