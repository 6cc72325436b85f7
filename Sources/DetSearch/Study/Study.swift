import DetBasics
public import DetSpec

/// What a design costs in a stage, counted without training; for pruning.
public typealias CostModel = @Sendable (DetectorDesign, SearchStage) -> DesignCost

/// A whole search, stage after stage: says which design comes next, learns what became of it.
///
/// The study keeps budgets, leaves out what was suggested before, prunes, and hands stage one's picks to stage two; which
/// design comes next is a ``Searcher``'s choice. It trains nothing and knows no files: it works with any evaluation, and the
/// same plan, trials and outcomes always lead to the same next design.
///
/// ```swift
/// var study = try Study(plan: plan) { design, _ in DesignCost(design, classes: 20) }
/// while let suggestion = study.suggest() {
///   let trial = study.register(suggestion)
///   if trial.outcome == nil { study.observe(trial, evaluate(trial.design)) }
/// }
/// Front(of: study.trials, stage: .structural, objectives: plan.objectives(of: .structural))
/// ```
public struct Study: Sendable {
  private let plan: Plan
  private let stages: [SearchStage]
  private let cost: CostModel
  private let searchers: [SearchStage: any Searcher]
  private let generator: Generator
  private var structural: SpaceSearch?
  private var picks: [SpaceSearch]?
  private var nextID = 1
  private var outcomes = 0

  /// A search that has suggested nothing yet.
  ///
  /// - Parameters:
  ///   - plan: what to search.
  ///   - stages: those of the plan's stages that are carried out; nil for all.
  ///   - searchers: takes the place of the searcher that the plan names for a stage.
  ///   - cost: counts what a design costs.
  /// - Throws: a ``SearchError`` when stage one's space is empty or too large to list.
  public init(
    plan: Plan, stages: [SearchStage]? = nil, searchers: [SearchStage: any Searcher] = [:],
    cost: @escaping CostModel
  ) throws {
    self.plan = plan
    self.stages = stages ?? plan.stages
    self.searchers = searchers
    self.cost = cost
    generator = Generator(seed: plan.seed)
    guard let section = plan.structural else { return }
    structural = SpaceSearch(
      try StructuralSpace(section.space), objectives: section.objectives,
      searcher: searchers[.structural] ?? section.makeSearcher(), budget: section.trials,
      generator: generator.stream("structural"), cost: { cost($0, .structural) })
  }

  /// The trials so far, by number.
  public var trials: [Trial] {
    let searches = (structural.map { [$0] } ?? []) + (picks ?? [])
    return searches.flatMap(\.trials).sorted { $0.id < $1.id }
  }

  /// How many trials are still to be started, as far as it can be known.
  public var remaining: Int {
    var count = 0
    if stages.contains(.structural), let structural { count += structural.remaining }
    if stages.contains(.modular) {
      count += picks?.reduce(0) { $0 + $1.remaining } ?? plan.plannedTrials(of: .modular)
    }
    return count
  }

  // MARK: - Asking

  /// The next design; nil when nothing can be said before a trial under way ends, or, with none under way, when
  /// the search is over. Asking again gives the same until a trial is registered or observed.
  ///
  /// Stage two begins when stage one's budget is used and all its outcomes are known.
  public mutating func suggest() -> Suggestion? {
    if stages.contains(.structural), let suggestion = suggestStructural() { return suggestion }
    guard stages.contains(.modular) else { return nil }
    beginModular()
    return suggestModular()
  }

  private func suggestStructural() -> Suggestion? {
    guard picks == nil, let structural else { return nil }
    return suggestion(of: structural, .structural, pick: nil)
  }

  /// Each pick gets its turn, the one with the fewest evaluated designs first, so that all fronts grow together.
  private func suggestModular() -> Suggestion? {
    guard let picks else { return nil }
    let turns = picks.indices.sorted { (picks[$0].evaluated, $0) < (picks[$1].evaluated, $1) }
    for number in turns {
      if let next = suggestion(of: picks[number], .modular, pick: number) { return next }
    }
    return nil
  }

  private func suggestion(
    of search: SpaceSearch, _ stage: SearchStage, pick: Int?
  ) -> Suggestion? {
    guard let (design, origin, reason) = search.suggest() else { return nil }
    return Suggestion(
      id: nextID, stage: stage, pick: pick, step: search.trials.count,
      design: design, origin: origin, prunedBecause: reason)
  }

  // MARK: - Telling

  /// Makes a suggestion a trial, with its seed. One that need not be evaluated ends at once, as pruned.
  @discardableResult
  public mutating func register(_ suggestion: Suggestion) -> Trial {
    let trial = Trial(
      suggestion: suggestion, seed: seed(ofTrial: suggestion.id), known: outcomes)
    take(trial)
    guard let reason = suggestion.prunedBecause else { return trial }
    return observe(trial, .pruned(reason: reason))
  }

  /// Notes what became of a registered trial; gives the trial with its outcome, and its outcome's place in time.
  @discardableResult
  public mutating func observe(
    _ trial: Trial, _ outcome: Outcome, seconds: Double = 0
  ) -> Trial {
    var ended = trial
    ended.result = .init(outcome: outcome, sequence: outcomes + 1, seconds: seconds)
    learn(ended)
    return ended
  }

  /// Takes in the trials of an earlier session.
  public mutating func restore(_ earlier: [Trial]) {
    for trial in earlier.sorted(by: { $0.id < $1.id }) {
      var begun = trial
      begun.result = nil
      take(begun)
      learn(trial)
    }
  }

  /// The seed of a trial: of the plan's seed and the trial's number, below 2^53 so that any program can read it.
  private func seed(ofTrial id: Int) -> UInt64 {
    var stream = generator.stream("trial", id)
    return stream.next() >> 11
  }

  private mutating func take(_ trial: Trial) {
    nextID = max(nextID, trial.id + 1)
    switch trial.stage {
    case .structural: structural?.register(trial)
    case .modular:
      beginModular()
      guard let pick = number(ofPick: trial) else { return }
      for number in picks?.indices ?? 0..<0 {
        if number == pick {
          picks?[number].register(trial)
        } else {
          picks?[number].exclude(trial.design)
        }
      }
    }
  }

  private mutating func learn(_ trial: Trial) {
    guard let result = trial.result else { return }
    outcomes = max(outcomes, result.sequence)
    switch trial.stage {
    case .structural: structural?.observe(trial)
    case .modular:
      guard let pick = number(ofPick: trial) else { return }
      picks?[pick].observe(trial)
    }
  }

  private func number(ofPick trial: Trial) -> Int? {
    trial.suggestion.pick.flatMap { picks?.indices.contains($0) == true ? $0 : nil }
  }

  // MARK: - From stage one to stage two

  private mutating func beginModular() {
    guard picks == nil, let section = plan.modular, structural?.open ?? 0 == 0 else {
      return
    }
    let generator = generator.stream("modular")
    picks = Pick.all(of: section, from: structural).enumerated().map { number, pick in
      let space = ModularSpace(pick: pick.design, parts: section.space)
      return SpaceSearch(
        space, objectives: section.objectives,
        searcher: searchers[.modular] ?? section.makeSearcher(), budget: section.trials,
        generator: generator.stream("pick", number), cost: { [cost] in cost($0, .modular) },
        first: space.origin.flatMap(space.index).map {
          Candidate(number: $0, origin: .pick(parent: pick.trial))
        },
        pruner: Pruner(section, cost: cost))
    }
  }
}
