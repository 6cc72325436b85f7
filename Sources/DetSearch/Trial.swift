public import DetSpec

/// Where a trial's design came from.
public enum Origin: Hashable, Sendable {
  /// One of the designs that a stage begins with.
  case start
  /// The backbone of a pick as it was, at the start of stage two; the trial it was picked from.
  case pick(parent: Int?)
  /// Drawn from the designs that nobody tried.
  case random
  /// A change to the design of an earlier trial.
  case mutation(parent: Int)

  /// The origin's name, as it stands in JSON and in the store.
  public var name: String {
    switch self {
    case .start: "start"
    case .pick: "pick"
    case .random: "random"
    case .mutation: "mutation"
    }
  }

  /// The trial it descends from.
  public var parent: Int? {
    switch self {
    case .start, .random: nil
    case .pick(let parent): parent
    case .mutation(let parent): parent
    }
  }

  /// The origin of a name and a parent; nil when they do not go together.
  public init?(name: String, parent: Int?) {
    switch (name, parent) {
    case ("start", nil): self = .start
    case ("random", nil): self = .random
    case ("pick", let parent): self = .pick(parent: parent)
    case ("mutation", let parent?): self = .mutation(parent: parent)
    default: return nil
    }
  }
}

/// A design that a search wants to know about, with all that led to the wish.
public struct Suggestion: Hashable, Sendable {
  /// The number of the trial it becomes, from 1.
  public let id: Int
  /// The stage.
  public let stage: SearchStage
  /// In stage two, the number of the pick it belongs to, from 0.
  public let pick: Int?
  /// How many suggestions the stage (of the pick) had made before.
  public let step: Int
  /// The design.
  public let design: DetectorDesign
  /// Where it came from.
  public let origin: Origin
  /// Why it need not be evaluated; nil when it must.
  public let prunedBecause: String?

  /// States a suggestion.
  public init(
    id: Int, stage: SearchStage, pick: Int?, step: Int, design: DetectorDesign, origin: Origin,
    prunedBecause: String? = nil
  ) {
    self.id = id
    self.stage = stage
    self.pick = pick
    self.step = step
    self.design = design
    self.origin = origin
    self.prunedBecause = prunedBecause
  }
}

/// One design evaluated once, or about to be.
public struct Trial: Hashable, Sendable, Identifiable {
  /// What the search wished, and why.
  public let suggestion: Suggestion
  /// The seed of everything random in the trial.
  public let seed: UInt64
  /// How many outcomes the store held when the design was suggested.
  public let known: Int
  /// What became of it; nil while it is under way, or when it was interrupted.
  public var result: Result?

  /// An outcome with its place in time.
  public struct Result: Hashable, Sendable {
    /// What became of it.
    public let outcome: Outcome
    /// The order in which outcomes came in, from 1.
    public let sequence: Int
    /// How long the trial took.
    public let seconds: Double

    /// States a result.
    public init(outcome: Outcome, sequence: Int, seconds: Double) {
      self.outcome = outcome
      self.sequence = sequence
      self.seconds = seconds
    }
  }

  /// States a trial.
  public init(suggestion: Suggestion, seed: UInt64, known: Int, result: Result? = nil) {
    self.suggestion = suggestion
    self.seed = seed
    self.known = known
    self.result = result
  }

  /// The trial's number, from 1.
  public var id: Int { suggestion.id }
  /// The stage.
  public var stage: SearchStage { suggestion.stage }
  /// The design.
  public var design: DetectorDesign { suggestion.design }
  /// What became of it; nil while it is under way.
  public var outcome: Outcome? { result?.outcome }
  /// Its results by name; empty unless finished.
  public var metrics: [String: Double] { result?.outcome.metrics ?? [:] }
  /// Whether its results can take part in a front.
  public var isFinished: Bool { result?.outcome.kind == .finished }

  /// One word for programs: the outcome's kind; without one `running` while a search is at work, else `interrupted`.
  public func state(whileSearching isActive: Bool) -> String {
    outcome?.kind.rawValue ?? (isActive ? "running" : "interrupted")
  }
}
