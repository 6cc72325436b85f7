public import DetBasics
public import DetSpec

/// One space and all that was suggested in it so far: what a ``Searcher`` decides by.
///
/// Designs are known by their numbers in the ``space``. Fronts and free designs are kept up to date entry by entry, so that asking
/// costs the same after thousands.
public struct SearchHistory: Sendable {
  /// A suggestion, and what came of it.
  public struct Entry: Hashable, Sendable {
    /// The number of the trial.
    public let trial: Int
    /// The design's number in the space.
    public let number: Int
    /// Whether it was to be evaluated; a pruned one is not.
    public fileprivate(set) var isEvaluated: Bool
    /// Whether its outcome is not known yet.
    public fileprivate(set) var isOpen = true
    /// Its results in the objectives' order; nil unless it finished.
    public fileprivate(set) var point: [Double]?
  }

  /// A finished trial of another space that is like this one, as the spaces around two picks are.
  public struct Kin: Hashable, Sendable {
    /// The number of the trial.
    public let trial: Int
    /// Which of the other spaces it is of.
    public let family: Int
    /// What its design is like, by its own space.
    public let features: [Double]
    /// The metrics that were known before.
    public let known: [Metric: Double]
    /// Its results in the objectives' order.
    public let point: [Double]

    /// Describes a finished trial of another space.
    public init(
      trial: Int, family: Int, features: [Double], known: [Metric: Double], point: [Double]
    ) {
      self.trial = trial
      self.family = family
      self.features = features
      self.known = known
      self.point = point
    }
  }

  /// The metrics of a design that are known before it is evaluated.
  public typealias Known = @Sendable (_ number: Int) -> [Metric: Double]

  /// The space.
  public let space: any SearchSpace
  /// What is improved.
  public let objectives: [Metric]
  /// What was suggested, in that order.
  public private(set) var entries: [Entry] = []
  /// The numbers of the designs that were evaluated or are to be, in the order in which they were suggested.
  public private(set) var evaluated: [Int] = []
  /// The finished trials, ascending.
  public private(set) var finished: [Int] = []
  /// Trials whose outcome is not known yet.
  public private(set) var open = 0
  /// Finished trials of other spaces that may teach something about this one, ascending.
  public private(set) var kin: [Kin] = []

  /// The metrics of a design that are known before it is evaluated.
  public let known: Known
  /// What the space's designs cost, as far as that is known before.
  let costs: CostScale
  private var taken = TakenNumbers()
  private var places: [Int: Int] = [:]
  private var tracker: FrontTracker

  /// A space in which nothing was tried.
  public init(
    space: any SearchSpace, objectives: [Metric], known: @escaping Known = { _ in [:] }
  ) {
    self.space = space
    self.objectives = objectives
    self.known = KnownMetrics(known).callAsFunction
    costs = CostScale(space, known: self.known)
    tracker = FrontTracker(directions: objectives.map(\.direction))
  }

  /// The front's trials, ascending; twins in every objective are all members.
  public var front: [Int] { tracker.entries.map(\.trial) }

  /// What became of a trial; nil when it belongs to another space.
  public subscript(trial: Int) -> Entry? { places[trial].map { entries[$0] } }

  // MARK: - The space

  /// Whether everything in the space was suggested.
  public var isUsedUp: Bool { taken.count >= space.size }

  /// Whether a number is in the space and was not suggested yet.
  public func isFree(_ number: Int) -> Bool {
    (0..<space.size).contains(number) && !taken.contains(number)
  }

  /// The detector with a number; nil in a space of other things.
  public func design(_ number: Int) -> DetectorDesign? {
    (space as? any DesignSpace)?.design(at: number)
  }

  /// A number that was not suggested yet, each stratum as likely as another; nil when the space is used up.
  public func draw(_ stream: inout Generator) -> Int? { space.draw(&stream, taken: taken) }

  /// A small change of a design that leads to one that was not suggested yet; nil when none was found.
  public func mutation(of number: Int, _ stream: inout Generator) -> Int? {
    space.mutation(of: number, &stream) { !taken.contains($0) }
  }

  /// A small change of the first of some trials that has one which leads to a design that was not suggested yet.
  func mutation(ofFirstFree parents: [Int], _ stream: inout Generator) -> Candidate? {
    for parent in parents {
      guard let entry = self[parent], let child = mutation(of: entry.number, &stream) else {
        continue
      }
      return Candidate(number: child, origin: .mutation(parent: parent))
    }
    return nil
  }

  /// Parts of two designs joined to one that was not suggested yet; nil when none was found.
  public func crossing(of number: Int, with other: Int, _ stream: inout Generator) -> Int? {
    space.crossing(of: number, with: other, &stream) { !taken.contains($0) }
  }

  // MARK: - Keeping it

  /// Notes that a design became a trial.
  public mutating func register(trial: Int, number: Int, isEvaluated: Bool = true) {
    exclude(number)
    places[trial] = entries.count
    entries.append(Entry(trial: trial, number: number, isEvaluated: isEvaluated))
    open += 1
    if isEvaluated { evaluated.append(number) }
  }

  /// Notes what became of a trial that was registered.
  ///
  /// - Parameters:
  ///   - trial: its number.
  ///   - point: its results in the objectives' order; nil when it has none.
  ///   - isEvaluated: false for a design that was left out after all, once more was known of it.
  public mutating func observe(trial: Int, point: [Double]?, isEvaluated: Bool = true) {
    guard let place = places[trial], entries[place].isOpen else { return }
    if !isEvaluated, entries[place].isEvaluated {
      entries[place].isEvaluated = false
      if let last = evaluated.lastIndex(of: entries[place].number) { evaluated.remove(at: last) }
    }
    entries[place].isOpen = false
    entries[place].point = point
    open -= 1
    guard let point else { return }
    let rank = finished.lastIndex { $0 < trial }.map { $0 + 1 } ?? 0
    finished.insert(trial, at: rank)
    tracker.insert(trial: trial, point: point)
  }

  /// Takes in a finished trial of another space; one whose features are not this space's is passed over.
  public mutating func adopt(_ other: Kin) {
    guard other.features.count == space.featureGroups.last?.upperBound ?? 0,
      other.point.count == objectives.count
    else { return }
    kin.insert(other, at: kin.lastIndex { $0.trial < other.trial }.map { $0 + 1 } ?? 0)
  }

  /// Corrects what is known of a finished trial.
  mutating func revise(trial: Int, point: [Double]) {
    guard let place = places[trial], entries[place].point != nil else { return }
    entries[place].point = point
    tracker = FrontTracker(directions: objectives.map(\.direction))
    for trial in finished {
      if let point = self[trial]?.point { tracker.insert(trial: trial, point: point) }
    }
  }

  /// Takes a number for suggested, because another search of the stage has suggested its design.
  mutating func exclude(_ number: Int) { taken.insert(number) }
}
