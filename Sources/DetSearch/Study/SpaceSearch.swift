import DetBasics
import DetSpec

/// The search of one space within its budget: stage one's, or stage two's around one pick.
///
/// Every step draws from a stream of its own, named after its number, and depends on nothing but the trials suggested so
/// far and the outcomes known so far. So a list of trials with their outcomes is all it takes to go on later.
struct SpaceSearch: Sendable {
  private let space: any DesignSpace
  private let searcher: any Searcher
  private let generator: Generator
  private let beginning: [Beginning]
  private let budget: Int
  private var pruner: Pruner?
  private var history: SearchHistory
  /// The trials in the order in which they were suggested; pruned ones and those under way among them.
  private(set) var trials: [Trial] = []
  private var places: [Int: Int] = [:]
  /// Evaluated trials of designs that are not in the space.
  private var outside = 0
  private var reseeding: Reseeding

  /// A design that is tried before the searcher is asked; it need not be in the space.
  struct Beginning: Sendable {
    let design: DetectorDesign
    let origin: Origin
  }

  /// A search that has suggested nothing yet.
  ///
  /// - Parameters:
  ///   - space: the designs.
  ///   - objectives: what is improved.
  ///   - searcher: chooses designs.
  ///   - budget: designs to be evaluated.
  ///   - reseeds: those of them that train members of the front once more.
  ///   - generator: the source of all streams.
  ///   - cost: what a design of the stage costs.
  ///   - beginning: suggested in this order before the searcher is asked.
  ///   - pruner: says which designs need not be trained; nil evaluates all.
  init(
    _ space: any DesignSpace, objectives: [Metric], searcher: any Searcher, budget: Int,
    reseeds: Int = 0, generator: Generator,
    cost: @escaping @Sendable (DetectorDesign) -> DesignCost,
    beginning: [Beginning] = [], pruner: Pruner? = nil
  ) {
    self.space = space
    self.searcher = searcher
    self.budget = budget
    reseeding = Reseeding(objectives: objectives, most: reseeds)
    self.generator = generator
    self.beginning = beginning
    self.pruner = pruner
    history = SearchHistory(space: space, objectives: objectives) { number in
      let cost = cost(space.design(at: number))
      return Dictionary(
        uniqueKeysWithValues: Metric.allCases.compactMap { metric in
          metric.value(cost).map { (metric, $0) }
        })
    }
  }

  /// What is improved.
  var objectives: [Metric] { history.objectives }

  /// Trials whose outcome is not known yet.
  private(set) var open = 0

  /// Designs that were evaluated so far, or are to be; repetitions count.
  var evaluated: Int { history.evaluated.count + outside + reseeding.count }

  /// Whether nothing more is suggested.
  var isOver: Bool { evaluated >= budget || history.isUsedUp && nextReseed == nil }

  /// The trial whose design is trained once more now; nil while new designs are tried.
  private var nextReseed: Trial? {
    guard reseeding.isDue(after: evaluated, of: budget) || history.isUsedUp else { return nil }
    return reseeding.next.flatMap { places[$0] }.map { trials[$0] }
  }

  /// Designs that are still to be evaluated, unless the space is used up before.
  var remaining: Int { isOver ? 0 : budget - evaluated }

  /// The next design with where it came from, and what proves that it need not be evaluated; nil when the search is over.
  func suggest() -> (design: DetectorDesign, origin: Origin, proof: PruningProof?)? {
    guard !isOver else { return nil }
    if let first = nextOfBeginning { return (first.design, first.origin, nil) }
    if let trial = nextReseed { return (trial.design, .reseed(parent: trial.id), nil) }
    guard let candidate = next() else { return nil }
    let design = space.design(at: candidate.number)
    return (design, candidate.origin, pruner?.proof(against: design))
  }

  /// The next of the designs to begin with; one that was tried is passed over.
  private var nextOfBeginning: Beginning? {
    guard trials.count < beginning.count else { return nil }
    return beginning.first { first in
      !trials.contains { $0.design == first.design }
        && (space.index(of: first.design).map(history.isFree) ?? true)
    }
  }

  private func next() -> Candidate? {
    var stream = generator.stream("step", trials.count)
    let candidates = searcher.propose(history: history, stream: &stream)
    return candidates.first { history.isFree($0.number) }
      ?? history.draw(&stream).map { Candidate(number: $0, origin: .random) }
  }

  /// Whether it is decided by the latency of an untrained design whether to train it.
  var needsLatency: Bool { pruner?.needsLatency ?? false }

  /// What proves that a trial need not be trained, now that its design was timed; nil when it must.
  func proof(against trial: Trial, latency: LatencyReading) -> PruningProof? {
    pruner?.proof(against: trial, latency: latency)
  }

  /// Notes that a suggestion became a trial. One of a design that is not in the space is kept and counted; the searcher does not know it.
  mutating func register(_ trial: Trial) {
    places[trial.id] = trials.count
    open += 1
    trials.append(trial)
    reseeding.register(trial)
    guard trial.repeats == nil else { return }
    let isEvaluated = trial.suggestion.prunedBecause == nil
    guard let number = space.index(of: trial.design) else {
      if isEvaluated { outside += 1 }
      return
    }
    history.register(trial: trial.id, number: number, isEvaluated: isEvaluated)
  }

  /// Never suggests a design from now on: two picks may differ in what stage two varies anyway, and share their designs.
  mutating func exclude(_ design: DetectorDesign) {
    if let number = space.index(of: design) { history.exclude(number) }
  }

  /// Notes what became of a trial.
  mutating func observe(_ trial: Trial) {
    guard let place = places[trial.id], trials[place].result == nil, trial.result != nil else {
      return
    }
    trials[place] = trial
    open -= 1
    let mean = reseeding.observe(trial)
    guard trial.repeats == nil else {
      if let mean { history.revise(trial: mean.first, point: mean.point) }
      if trial.isFinished { pruner?.insert(trial) }
      return
    }
    history.observe(
      trial: trial.id,
      point: trial.isJudged ? Front.point(trial.judged, history.objectives) : nil,
      isEvaluated: trial.outcome?.wasEvaluated ?? true)
    if trial.isFinished { pruner?.insert(trial) }
  }

  /// What a trial of this space may teach the searches of others that are like it; nil unless it is a finished one of a design in it.
  func kin(_ trial: Trial, family: Int) -> SearchHistory.Kin? {
    guard let entry = history[trial.id], let point = entry.point else { return nil }
    return SearchHistory.Kin(
      trial: trial.id, family: family, features: space.features(of: entry.number),
      known: history.known(entry.number), point: point)
  }

  /// Takes in a finished trial of another space that is like this one.
  mutating func adopt(_ kin: SearchHistory.Kin) { history.adopt(kin) }
}
