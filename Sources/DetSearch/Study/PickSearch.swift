import DetBasics
package import DetSpec

/// What a design costs, counted without training; for the objectives and the pruning of stage two.
package typealias CostModel = @Sendable (DetectorDesign, SearchStage) -> DesignCost

/// Stage two around one pick: the search, and the designs that need not be trained.
struct PickSearch: Sendable {
  let number: Int
  private(set) var searcher: FrontSearcher
  private var pruning: PartialOrderPruning?
  private let accuracy: SearchObjective
  private let counted: SearchObjective
  private let budget: Int

  init(number: Int, pick: Front.Member, parentTrial: Int?, plan: ModularPlan, generator: Generator)
  {
    self.number = number
    let space = ModularSpace(pick: pick.design, parts: plan.space)
    let settings = FrontSearcher.Settings(
      initial: plan.initial, randomShare: plan.randomShare, objectives: plan.objectives)
    searcher = FrontSearcher(
      space: space, settings: settings, generator: generator.stream("pick", number),
      origin: space.origin.map { .init(design: $0, origin: .pick(parent: parentTrial)) })
    pruning = plan.canPrune ? PartialOrderPruning(margin: plan.pruningMargin) : nil
    accuracy = plan.objectives.first(where: \.isAccuracy) ?? .averagePrecision
    counted = plan.objectives.first(where: \.isCounted) ?? .macs
    budget = plan.trials
  }

  var isOver: Bool { searcher.evaluated >= budget || searcher.isExhausted }

  var remaining: Int { isOver ? 0 : budget - searcher.evaluated }

  func propose(cost: CostModel) -> (proposal: FrontSearcher.Proposal, prunedBecause: String?)? {
    guard !isOver, let proposal = searcher.propose() else { return nil }
    let reason = pruning?.reason(
      against: proposal.design, cost: counted.value(cost(proposal.design, .modular)))
    return (proposal, reason)
  }

  mutating func register(_ suggestion: Suggestion) {
    searcher.register(
      trial: suggestion.id, design: suggestion.design,
      isPruned: suggestion.prunedBecause != nil)
  }

  /// Two picks may differ in what stage two varies anyway, and then share their designs.
  mutating func exclude(_ design: DetectorDesign) { searcher.exclude(design) }

  mutating func observe(_ suggestion: Suggestion, _ outcome: Outcome, cost: CostModel) {
    searcher.observe(trial: suggestion.id, outcome: outcome)
    guard case .finished(let metrics) = outcome, let value = metrics[accuracy.rawValue] else {
      return
    }
    let spent = counted.value(cost(suggestion.design, .modular))
    pruning?.insert(
      trial: suggestion.id, design: suggestion.design, accuracy: value, cost: spent)
  }
}

extension SearchObjective {
  /// The counted objective's value; only `macs` and `parameters` are counted.
  package func value(_ cost: DesignCost) -> Double {
    Double(self == .parameters ? cost.parameters : cost.macs)
  }
}
