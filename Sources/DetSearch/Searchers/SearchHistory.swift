public import DetBasics
public import DetSpec

/// One space and every trial in it so far: what a ``Searcher`` decides by.
///
/// Fronts and free designs are kept up to date trial by trial, so that asking costs the same after thousands.
public struct SearchHistory: Sendable {
  /// What is improved.
  public let objectives: [Metric]
  /// The trials in the order in which they were suggested; pruned ones and those under way among them.
  public private(set) var trials: [Trial] = []
  /// The designs that were to be evaluated, in that order; pruned ones are not among them.
  public private(set) var evaluated: [DetectorDesign] = []
  /// The numbers of the finished trials, ascending.
  public private(set) var finished: [Int] = []
  /// Trials whose outcome is not known yet.
  public private(set) var open = 0

  private let space: any SearchSpace
  private var taken = TakenNumbers()
  private var places: [Int: Int] = [:]
  private var tracker: FrontTracker

  /// A space in which nothing was tried.
  package init(space: any SearchSpace, objectives: [Metric]) {
    self.space = space
    self.objectives = objectives
    tracker = FrontTracker(directions: objectives.map(\.direction))
  }

  /// The numbers of the front's trials, ascending; twins in every objective are all members.
  public var front: [Int] { tracker.entries.map(\.trial) }

  /// The trial with a number; nil when it belongs to another space.
  public subscript(trial: Int) -> Trial? { places[trial].map { trials[$0] } }

  // MARK: - The space

  /// The exact number of designs in the space.
  public var size: Int { space.size }

  /// Whether every design of the space was suggested.
  public var isUsedUp: Bool { taken.count >= space.size }

  /// Whether a design is in the space and was not suggested yet.
  public func isFree(_ design: DetectorDesign) -> Bool {
    space.index(of: design).map { !taken.contains($0) } ?? false
  }

  /// A design that was not suggested yet, each depth of a backbone as likely as another; nil when the space is used up.
  public func draw(_ stream: inout Generator) -> DetectorDesign? {
    space.draw(&stream, taken: taken).map(space.design(at:))
  }

  /// A small change of a design of the space that leads to a design that was not suggested yet; nil when none was found.
  public func mutation(
    of design: DetectorDesign, _ stream: inout Generator
  ) -> DetectorDesign? {
    space.mutation(of: design, &stream) { !taken.contains($0) }
  }

  /// A small change of the first of some trials that has one which leads to a design that was not suggested yet.
  func mutation(ofFirstFree parents: [Int], _ stream: inout Generator) -> Candidate? {
    for parent in parents {
      guard let trial = self[parent], let child = mutation(of: trial.design, &stream) else {
        continue
      }
      return Candidate(design: child, origin: .mutation(parent: parent))
    }
    return nil
  }

  /// Parts of two designs of the space joined to one that was not suggested yet; nil when none was found.
  public func crossing(
    of design: DetectorDesign, with other: DetectorDesign, _ stream: inout Generator
  ) -> DetectorDesign? {
    space.crossing(of: design, with: other, &stream) { !taken.contains($0) }
  }

  /// How many steps two designs of the space are apart: parts that differ, or blocks, places of the "2" and widths.
  public func distance(_ left: DetectorDesign, _ right: DetectorDesign) -> Double {
    space.distance(left, right)
  }

  // MARK: - Kept by the study

  /// Notes that a design became a trial.
  mutating func register(_ trial: Trial) {
    exclude(trial.design)
    places[trial.id] = trials.count
    trials.append(trial)
    open += 1
    if trial.suggestion.prunedBecause == nil { evaluated.append(trial.design) }
  }

  /// Notes what became of a trial that was registered.
  mutating func observe(_ trial: Trial) {
    guard let place = places[trial.id], trials[place].result == nil, trial.result != nil else {
      return
    }
    trials[place] = trial
    open -= 1
    guard trial.isFinished else { return }
    let rank = finished.firstIndex { $0 > trial.id } ?? finished.count
    finished.insert(trial.id, at: rank)
    tracker.insert(trial: trial.id, point: Front.point(trial.metrics, objectives))
  }

  /// Takes a design for suggested, because another search of the stage has suggested it.
  mutating func exclude(_ design: DetectorDesign) {
    if let number = space.index(of: design) { taken.insert(number) }
  }
}
