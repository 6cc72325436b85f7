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
  /// Parts of the design of an earlier trial, joined with those of another.
  case crossing(parent: Int)
  /// Chosen from a front to be trained in full; the trial it was found by, unless the plan names the design.
  case chosen(parent: Int?)
  /// The design of an earlier trial trained once more, by another seed: how accurate it is, is to be known better.
  case reseed(parent: Int)
  /// Chosen by a model of what was learnt so far; the trial whose design it changes, when it is not from the whole space.
  case predicted(parent: Int?)

  /// The origins' names, as they stand in JSON and in the store.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// See ``Origin/start``.
    case start
    /// See ``Origin/pick(parent:)``.
    case pick
    /// See ``Origin/random``.
    case random
    /// See ``Origin/mutation(parent:)``.
    case mutation
    /// See ``Origin/crossing(parent:)``.
    case crossing
    /// See ``Origin/chosen(parent:)``.
    case chosen
    /// See ``Origin/reseed(parent:)``.
    case reseed
    /// See ``Origin/predicted(parent:)``.
    case predicted
  }

  /// The origin's kind.
  public var kind: Kind {
    switch self {
    case .start: .start
    case .pick: .pick
    case .random: .random
    case .mutation: .mutation
    case .crossing: .crossing
    case .chosen: .chosen
    case .reseed: .reseed
    case .predicted: .predicted
    }
  }

  /// The origin's name.
  public var name: String { kind.rawValue }

  /// The trial it descends from.
  public var parent: Int? {
    switch self {
    case .start, .random: nil
    case .pick(let parent), .chosen(let parent), .predicted(let parent): parent
    case .mutation(let parent), .crossing(let parent), .reseed(let parent): parent
    }
  }

  /// The origin of a name and a parent; nil when they do not go together.
  public init?(name: String, parent: Int?) {
    switch (Kind(rawValue: name), parent) {
    case (.start, nil): self = .start
    case (.random, nil): self = .random
    case (.pick, let parent): self = .pick(parent: parent)
    case (.mutation, let parent?): self = .mutation(parent: parent)
    case (.crossing, let parent?): self = .crossing(parent: parent)
    case (.chosen, let parent): self = .chosen(parent: parent)
    case (.reseed, let parent?): self = .reseed(parent: parent)
    case (.predicted, let parent): self = .predicted(parent: parent)
    case (.start, _?), (.random, _?), (.mutation, nil), (.crossing, nil), (.reseed, nil), (nil, _):
      return nil
    }
  }
}
