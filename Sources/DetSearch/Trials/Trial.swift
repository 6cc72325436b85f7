public import DetSpec

/// One design evaluated once, or about to be: the record that store, report, tables and jobs are made from.
public struct Trial: Hashable, Sendable, Identifiable {
  /// What the search suggested, and why.
  public let suggestion: Suggestion
  /// The seed of everything random in the trial.
  public let seed: UInt64
  /// How many outcomes were known when the design was suggested.
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
    /// Who paid, where the trial took the result of another training; nil where it was trained itself.
    public let cached: Cached?

    /// Describes a result.
    public init(outcome: Outcome, sequence: Int, seconds: Double, cached: Cached? = nil) {
      self.cached = cached
      self.outcome = outcome
      self.sequence = sequence
      self.seconds = seconds
    }
  }

  /// Where a result is from that a trial did not train itself.
  public struct Cached: Hashable, Sendable, Codable {
    /// The folder of the run that paid.
    public let run: String
    /// The trial in that run.
    public let trial: Int
    /// How long it took there.
    public let secondsPaid: Double

    /// For people: `paid for as trial 7 of trees`.
    package var words: String {
      "paid for as trial \(trial) of \(run.split(separator: "/").last.map(String.init) ?? run)"
    }

    /// Names a trial that was paid for.
    public init(run: String, trial: Int, secondsPaid: Double) {
      self.run = run
      self.trial = trial
      self.secondsPaid = secondsPaid
    }
  }

  /// What a trial without an outcome is.
  public enum OpenState: String, CaseIterable, Hashable, Sendable {
    /// A search works on it.
    case running
    /// No search works on it; it is done again when the run is resumed.
    case interrupted
  }

  /// Describes a trial.
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
  /// The trial whose design it trains once more, by another seed; nil for the first of a design.
  public var repeats: Int? {
    if case .reseed(let parent) = suggestion.origin { parent } else { nil }
  }
  /// What became of it; nil while it is under way.
  public var outcome: Outcome? { result?.outcome }
  /// Its results by name; empty unless finished.
  public var metrics: [String: Double] { result?.outcome.metrics ?? [:] }
  /// How long its training took, wherever that was; nil while it is under way.
  public var secondsPaid: Double? { result.map { $0.cached?.secondsPaid ?? $0.seconds } }
  /// Whether its results can take part in a front.
  public var isFinished: Bool { result?.outcome.kind == .finished }
  /// Whether it ended without results, though it was evaluated.
  public var isFailure: Bool {
    switch outcome?.kind {
    case .failed, .crashed, .timedOut, .outOfMemory, .diverged: true
    case nil, .finished, .pruned, .stopped: false
    }
  }
  /// What its design is judged by in the objectives: its results, or for one that was stopped early those that were to be expected.
  var judged: [String: Double] { outcome?.stopping?.expected ?? metrics }
  /// Whether there is something to judge its design by.
  var isJudged: Bool { isFinished || outcome?.stopping != nil }

  /// Why its design cannot be judged by some objectives though there are results, in words; nil when it can, or has none.
  package func problem(with objectives: [Metric]) -> String? {
    guard isJudged else { return nil }
    return objectives.lazy.compactMap { objective in
      guard let value = judged[objective], value.isFinite else {
        return objective.problem(with: judged[objective])
      }
      return isFinished ? objective.problem(with: value) : nil
    }.first
  }

  /// One word for programs: the outcome's kind, or what a trial without one is.
  public func state(whileSearching isActive: Bool) -> String {
    outcome?.kind.rawValue ?? (isActive ? OpenState.running : .interrupted).rawValue
  }

  /// The same for people.
  package func words(whileSearching isActive: Bool) -> String {
    switch outcome {
    case .crashed(let signal): "crashed (signal \(signal))"
    case let outcome?: outcome.kind.words
    case nil: state(whileSearching: isActive)
    }
  }
}
