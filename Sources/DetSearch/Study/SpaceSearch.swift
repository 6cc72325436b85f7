import DetBasics
import DetSpec

/// The search of one space within its budget: stage one's, or stage two's around one pick.
///
/// Every step draws from a stream of its own, named after its number, and depends on nothing but the trials suggested so
/// far and the outcomes known so far. So a list of trials with their outcomes is all it takes to go on later.
struct SpaceSearch: Sendable {
  private let searcher: any Searcher
  private let generator: Generator
  private let first: Candidate?
  private let budget: Int
  private var pruner: Pruner?
  /// The space and its trials.
  private(set) var history: SearchHistory

  /// A search that has suggested nothing yet.
  ///
  /// - Parameters:
  ///   - history: the space and the objectives.
  ///   - searcher: chooses designs.
  ///   - budget: designs to be evaluated.
  ///   - generator: the source of all streams.
  ///   - first: suggested before the searcher is asked, when there is one.
  ///   - pruner: says which designs need not be trained; nil evaluates all.
  init(
    _ history: SearchHistory, searcher: any Searcher, budget: Int, generator: Generator,
    first: Candidate? = nil, pruner: Pruner? = nil
  ) {
    self.history = history
    self.searcher = searcher
    self.budget = budget
    self.generator = generator
    self.first = first
    self.pruner = pruner
  }

  /// Designs that were to be evaluated so far.
  var evaluated: Int { history.evaluated.count }

  /// Whether nothing more is suggested.
  var isOver: Bool { evaluated >= budget || history.isUsedUp }

  /// Designs that are still to be evaluated, unless the space is used up before.
  var remaining: Int { isOver ? 0 : budget - evaluated }

  /// The next design, and why it need not be evaluated; nil when the search is over.
  func suggest() -> (candidate: Candidate, prunedBecause: String?)? {
    guard !isOver, let candidate = next() else { return nil }
    return (candidate, pruner?.reason(against: candidate.design))
  }

  private func next() -> Candidate? {
    let step = history.trials.count
    if step == 0, let first, history.isFree(first.design) { return first }
    var stream = generator.stream("step", step)
    let candidates = searcher.propose(history: history, stream: &stream)
    return candidates.first { history.isFree($0.design) }
      ?? history.draw(&stream).map { Candidate(design: $0, origin: .random) }
  }

  /// Notes that a suggestion became a trial.
  mutating func register(_ trial: Trial) { history.register(trial) }

  /// Never suggests a design from now on: two picks may differ in what stage two varies anyway, and share their designs.
  mutating func exclude(_ design: DetectorDesign) { history.exclude(design) }

  /// Notes what became of a trial.
  mutating func observe(_ trial: Trial) {
    history.observe(trial)
    if trial.isFinished { pruner?.insert(trial) }
  }
}
