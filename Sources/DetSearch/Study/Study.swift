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
  /// The searches around the picks; nil while stage two has not begun.
  private var modular: [SpaceSearch]?
  /// The full trainings; nil while they have not begun.
  private var finals: FinalRound?
  /// What ends trainings early, for stages that want it.
  private var stopping: [SearchStage: EarlyStopping] = [:]
  /// What the stages have handed on so far.
  public private(set) var choices = Choices()
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
    for stage in [SearchStage.structural, .modular] where plan.stopsEarly(stage) {
      stopping[stage] = EarlyStopping(objectives: plan.objectives(of: stage))
    }
    guard let section = plan.structural else { return }
    structural = SpaceSearch(
      try StructuralSpace(section.space), objectives: section.objectives,
      searcher: searchers[.structural] ?? section.makeSearcher(), budget: section.trials,
      reseeds: section.reseeds(of: section.trials), generator: generator.stream("structural"),
      cost: { cost($0, .structural) },
      pruner: Pruner(section) { cost($0, .structural) })
  }

  /// The trials so far, by number.
  public var trials: [Trial] {
    let searches = (structural.map { [$0] } ?? []) + (modular ?? [])
    return (searches.flatMap(\.trials) + (finals?.trials ?? [])).sorted { $0.id < $1.id }
  }

  /// How many trials are still to be started, as far as it can be known.
  public var remaining: Int {
    var count = 0
    if stages.contains(.structural), let structural { count += structural.remaining }
    if stages.contains(.modular) {
      count += modular?.reduce(0) { $0 + $1.remaining } ?? plan.plannedTrials(of: .modular)
    }
    if stages.contains(.final) { count += finals?.remaining ?? plan.plannedTrials(of: .final) }
    return count
  }

  // MARK: - Asking

  /// The next design; nil when nothing can be said before a trial under way ends, or, with none under way, when
  /// the search is over. Asking again gives the same until a trial is registered or observed.
  ///
  /// A stage begins when the one before has used its budget and all its outcomes are known.
  public mutating func suggest() -> Suggestion? {
    if stages.contains(.structural), let suggestion = suggestStructural() { return suggestion }
    if stages.contains(.modular) {
      beginModular()
      if let suggestion = suggestModular() { return suggestion }
    }
    guard stages.contains(.final) else { return nil }
    beginFinals()
    return suggestFinal()
  }

  private func suggestStructural() -> Suggestion? {
    guard modular == nil, let structural else { return nil }
    return suggestion(of: structural, .structural, pick: nil)
  }

  /// Each pick gets its turn, the one with the fewest evaluated designs first, so that all fronts grow together; or one is searched to its
  /// end before the next.
  private func suggestModular() -> Suggestion? {
    guard let modular else { return nil }
    let turns =
      switch plan.modular?.turns ?? .together {
      case .together:
        modular.indices.sorted { (modular[$0].evaluated, $0) < (modular[$1].evaluated, $1) }
      case .inTurn: Array(modular.indices)
      }
    for number in turns {
      if let next = suggestion(of: modular[number], .modular, pick: number) { return next }
    }
    return nil
  }

  private func suggestFinal() -> Suggestion? {
    guard let finals, let place = finals.next else { return nil }
    let choice = finals.finals[place]
    return Suggestion(
      id: nextID, stage: .final, pick: nil, step: place, design: choice.design,
      origin: .chosen(parent: choice.trial))
  }

  private func suggestion(
    of search: SpaceSearch, _ stage: SearchStage, pick: Int?
  ) -> Suggestion? {
    guard let (design, origin, proof) = search.suggest() else { return nil }
    return Suggestion(
      id: nextID, stage: stage, pick: pick, step: search.trials.count,
      design: design, origin: origin, prunedBecause: proof?.reason, proof: proof)
  }

  // MARK: - Telling

  /// Makes a suggestion a trial, with its seed. One that need not be evaluated ends at once, as pruned.
  @discardableResult
  public mutating func register(_ suggestion: Suggestion) -> Trial {
    let trial = Trial(
      suggestion: suggestion, seed: seed(ofTrial: suggestion.id), known: outcomes)
    take(trial)
    guard let reason = suggestion.prunedBecause else { return trial }
    return observe(trial, .pruned(reason: reason, proof: suggestion.proof))
  }

  /// Whether it is decided by the latency of a trial's untrained design whether to train it: see ``decision(on:latency:)``.
  public func needsLatency(_ trial: Trial) -> Bool {
    switch trial.stage {
    case .structural: trial.repeats == nil && structural?.needsLatency ?? false
    case .modular, .final: false
    }
  }

  /// What becomes of a registered trial whose design was timed: pruned, or nil when it must be trained.
  ///
  /// Only outcomes that were known when the design was suggested are looked at, so that a search that was killed decides again
  /// as it would have.
  public func decision(on trial: Trial, latency: LatencyReading) -> Outcome? {
    guard trial.stage == .structural,
      let proof = structural?.proof(against: trial, latency: latency)
    else { return nil }
    return .pruned(reason: proof.reason, proof: proof)
  }

  /// Notes what the worker of a registered trial reported after an epoch.
  public mutating func note(
    _ metrics: [String: Double], afterEpoch epoch: Int, ofTrial trial: Int, in stage: SearchStage
  ) {
    stopping[stage]?.note(metrics, afterEpoch: epoch, ofTrial: trial)
  }

  /// Why the training of a registered trial need not go on after the epochs that were noted.
  ///
  /// - Parameters:
  ///   - trial: the trial; a baseline, and a training by another seed, always goes to its end.
  ///   - known: what is known of its costs.
  /// - Returns: the proof; nil when it must go on, or when the plan does not want trainings to end early.
  public func stopping(_ trial: Trial, known: [String: Double]) -> StoppingProof? {
    guard let rule = stopping[trial.stage], let epochs = plan.recipe(of: trial.stage)?.epochs
    else { return nil }
    switch trial.suggestion.origin {
    case .pick, .reseed: return nil
    case .start, .random, .mutation, .crossing, .chosen, .predicted: break
    }
    return rule.proof(for: trial, of: epochs, known: known)
  }

  /// Whether trainings of a stage may end early, so that what they report must be noted.
  public func stopsEarly(_ stage: SearchStage) -> Bool { stopping[stage] != nil }

  /// Notes what became of a registered trial; gives the trial with its outcome, and its outcome's place in time. `cached` says who
  /// paid for a result that was found elsewhere.
  @discardableResult
  public mutating func observe(
    _ trial: Trial, _ outcome: Outcome, seconds: Double = 0, cached: Trial.Cached? = nil
  ) -> Trial {
    var ended = trial
    ended.result = .init(
      outcome: outcome, sequence: outcomes + 1, seconds: seconds, cached: cached)
    learn(ended)
    return ended
  }

  /// Takes in the trials of an earlier session, and what its stages handed on; nil when nobody kept that.
  public mutating func restore(_ earlier: [Trial], choices kept: Choices? = nil) {
    if let kept { choices = kept }
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
      for number in modular?.indices ?? 0..<0 {
        if number == pick {
          modular?[number].register(trial)
        } else {
          modular?[number].exclude(trial.design)
        }
      }
    case .final:
      beginFinals()
      finals?.register(trial)
    }
  }

  private mutating func learn(_ trial: Trial) {
    guard let result = trial.result else { return }
    outcomes = max(outcomes, result.sequence)
    stopping[trial.stage]?.insert(trial)
    switch trial.stage {
    case .structural: structural?.observe(trial)
    case .modular:
      guard let pick = number(ofPick: trial) else { return }
      modular?[pick].observe(trial)
      guard trial.repeats == nil, let kin = modular?[pick].kin(trial, family: pick) else { return }
      for other in modular?.indices ?? 0..<0 where other != pick { modular?[other].adopt(kin) }
    case .final: finals?.observe(trial)
    }
  }

  private func number(ofPick trial: Trial) -> Int? {
    trial.suggestion.pick.flatMap { modular?.indices.contains($0) == true ? $0 : nil }
  }

  // MARK: - From stage to stage

  /// Whether all stages before another have nothing more to suggest and all their outcomes are known.
  public func isOver(before stage: SearchStage) -> Bool {
    switch stage {
    case .structural: true
    case .modular: structural.map { $0.isOver && $0.open == 0 } ?? true
    case .final:
      isOver(before: .modular)
        && (plan.modular == nil || modular?.allSatisfy { $0.isOver && $0.open == 0 } ?? false)
    }
  }

  /// Why what a stage takes from those before cannot be chosen as the plan wants it, in words; nil when it can, or was chosen before.
  package func problem(with stage: SearchStage) -> String? {
    guard !choices.areMade(for: stage) else { return nil }
    switch stage {
    case .structural: return nil
    case .modular: return plan.modular?.problem(with: fronts(of: .structural), trials)
    case .final: return plan.final?.problem(with: fronts, trials)
    }
  }

  /// The fronts of the latest stage before the finals; nil without one.
  private var fronts: StageFronts? {
    plan.stages.last { $0 != .final }.flatMap(fronts)
  }

  /// The fronts of a stage; nil where the plan leaves it out.
  private func fronts(of stage: SearchStage) -> StageFronts? {
    let objectives = plan.objectives(of: stage)
    guard !objectives.isEmpty else { return nil }
    return StageFronts(of: trials, stage: stage, objectives: objectives, choices: choices)
  }

  private mutating func beginFinals() {
    guard finals == nil, let section = plan.final else { return }
    if choices.finals == nil {
      guard isOver(before: .final) else { return }
      choices.finals = Choice.finals(of: section, from: fronts, trials)
    }
    finals = choices.finals.map(FinalRound.init)
  }

  private mutating func beginModular() {
    guard modular == nil, let section = plan.modular, structural?.open ?? 0 == 0 else { return }
    let picks =
      choices.picks
      ?? Choice.picks(
        of: section, from: structural?.trials ?? [], objectives: structural?.objectives ?? [])
    choices.picks = picks
    let generator = generator.stream("modular")
    var searches = picks.enumerated().map { number, pick in
      search(around: pick, section, generator.stream("pick", number))
    }
    if section.baseline {
      // A pick is its own search's baseline, also where another's space has it.
      for (number, pick) in picks.enumerated() {
        for other in searches.indices where other != number {
          searches[other].exclude(pick.design)
        }
      }
    }
    modular = searches
  }

  private func search(
    around pick: Choice, _ section: ModularPlan, _ generator: Generator
  ) -> SpaceSearch {
    let space = ModularSpace(pick: pick.design, parts: section.space, recipe: section.recipe)
    let beginning = (section.baseline ? [pick.design] : []) + [space.origin].compactMap { $0 }
    return SpaceSearch(
      space, objectives: section.objectives,
      searcher: searchers[.modular] ?? section.makeSearcher(), budget: section.trials,
      reseeds: section.reseeds(of: section.trials), generator: generator,
      cost: { [cost] in cost($0, .modular) },
      beginning: beginning.map { .init(design: $0, origin: .pick(parent: pick.trial)) },
      pruner: Pruner(section) { [cost] in cost($0, .modular) })
  }
}
