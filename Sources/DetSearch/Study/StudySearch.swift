import DetBasics
package import DetSpec

/// A whole search, stage after stage: says which design comes next, learns what became of it.
///
/// ```swift
/// var search = try StudySearch(plan: plan, stages: plan.stages, cost: cost)
/// while let suggestion = search.suggest() {
///   search.register(suggestion)
///   search.observe(suggestion, evaluate(suggestion.design))
/// }
/// ```
package struct StudySearch: Sendable {
  private let plan: Plan
  private let stages: [SearchStage]
  private let cost: CostModel
  private let generator: Generator
  private var structural: FrontSearcher?
  private var picks: [PickSearch]?
  private var trials: [Int: Trial] = [:]
  private var pending: Set<Int> = []
  private var nextID = 1

  /// A search that has suggested nothing yet.
  ///
  /// - Parameters:
  ///   - plan: what to search.
  ///   - stages: those of the plan's stages that are carried out.
  ///   - cost: counts what a design costs.
  /// - Throws: a ``SearchError`` when stage one's space is empty or too large to list.
  package init(plan: Plan, stages: [SearchStage], cost: @escaping CostModel) throws {
    self.plan = plan
    self.stages = stages
    self.cost = cost
    generator = Generator(seed: plan.seed)
    guard let section = plan.structural else { return }
    structural = FrontSearcher(
      space: try StructuralSpace(section.space),
      settings: .init(
        initial: section.initial, randomShare: section.randomShare, objectives: section.objectives),
      generator: generator.stream("structural"))
  }

  /// The next design; nil when nothing can be said before a trial under way ends, or, with none under way, when
  /// the search is over.
  ///
  /// Stage two begins when stage one's budget is used and all its outcomes are known.
  package mutating func suggest() -> Suggestion? {
    if stages.contains(.structural), let suggestion = suggestStructural() { return suggestion }
    guard stages.contains(.modular) else { return nil }
    beginModular()
    return suggestModular()
  }

  /// The seed of a trial: of the plan's seed and the trial's number, below 2^53 so that any program can read it.
  package func seed(ofTrial id: Int) -> UInt64 {
    var stream = generator.stream("trial", id)
    return stream.next() >> 11
  }

  /// Notes that a suggestion became a trial.
  package mutating func register(_ suggestion: Suggestion) {
    nextID = max(nextID, suggestion.id + 1)
    pending.insert(suggestion.id)
    trials[suggestion.id] = Trial(
      suggestion: suggestion, seed: seed(ofTrial: suggestion.id), known: 0)
    switch suggestion.stage {
    case .structural:
      structural?.register(trial: suggestion.id, design: suggestion.design, isPruned: false)
    case .modular:
      beginModular()
      guard let pick = suggestion.pick, picks?.indices.contains(pick) == true else { return }
      for number in picks?.indices ?? 0..<0 {
        if number == pick {
          picks?[number].register(suggestion)
        } else {
          picks?[number].exclude(suggestion.design)
        }
      }
    }
  }

  /// Notes what became of a trial.
  package mutating func observe(_ suggestion: Suggestion, _ outcome: Outcome) {
    pending.remove(suggestion.id)
    trials[suggestion.id]?.result = .init(outcome: outcome, sequence: 0, seconds: 0)
    switch suggestion.stage {
    case .structural: structural?.observe(trial: suggestion.id, outcome: outcome)
    case .modular:
      guard let pick = suggestion.pick, picks?.indices.contains(pick) == true else { return }
      let cost = cost
      picks?[pick].observe(suggestion, outcome, cost: cost)
    }
  }

  /// Takes in the trials of an earlier session, by number.
  package mutating func restore(_ earlier: [Trial]) {
    for trial in earlier.sorted(by: { $0.id < $1.id }) {
      register(trial.suggestion)
      if let outcome = trial.outcome { observe(trial.suggestion, outcome) }
    }
  }

  /// How many trials are still to be started, as far as it can be known.
  package var remaining: Int {
    var count = 0
    if stages.contains(.structural), let section = plan.structural, let structural {
      count += structural.isExhausted ? 0 : max(0, section.trials - structural.evaluated)
    }
    if stages.contains(.modular) {
      count += picks?.reduce(0) { $0 + $1.remaining } ?? plan.plannedTrials(of: .modular)
    }
    return count
  }

  // MARK: - Stage one

  private func suggestStructural() -> Suggestion? {
    guard picks == nil, let section = plan.structural, let structural,
      structural.evaluated < section.trials, let proposal = structural.propose()
    else { return nil }
    return Suggestion(
      id: nextID, stage: .structural, pick: nil, step: structural.step, design: proposal.design,
      origin: proposal.origin, prunedBecause: nil)
  }

  // MARK: - Stage two

  private mutating func beginModular() {
    guard picks == nil, let section = plan.modular else { return }
    let hasOpenTrials = trials.values.contains { $0.stage == .structural && $0.result == nil }
    guard !hasOpenTrials else { return }
    let generator = generator.stream("modular")
    picks = members(section).enumerated().map { number, member in
      PickSearch(
        number: number, pick: member,
        parentTrial: section.designs.isEmpty ? member.trial : nil, plan: section,
        generator: generator)
    }
  }

  private func members(_ section: ModularPlan) -> [Front.Member] {
    guard section.designs.isEmpty else {
      return section.designs.enumerated().map { number, design in
        Front.Member(trial: 0, design: design, name: "C\(number)", metrics: [:])
      }
    }
    let structuralTrials = trials.values.filter { $0.stage == .structural }.sorted { $0.id < $1.id }
    let front = Front(
      of: structuralTrials, stage: .structural, objectives: plan.objectives(of: .structural))
    return Picks.choose(front, count: section.picks)
  }

  /// Each pick gets its turn, the one with the fewest evaluated designs first, so that all fronts grow together.
  private func suggestModular() -> Suggestion? {
    let open = (picks ?? []).filter { !$0.isOver }
    let turns = open.sorted {
      ($0.searcher.evaluated, $0.number) < ($1.searcher.evaluated, $1.number)
    }
    for pick in turns {
      guard let (proposal, reason) = pick.propose(cost: cost) else { continue }
      return Suggestion(
        id: nextID, stage: .modular, pick: pick.number, step: pick.searcher.step,
        design: proposal.design, origin: proposal.origin, prunedBecause: reason)
    }
    return nil
  }
}
