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

  /// The origin's name, as it stands in JSON and in the store.
  public var name: String {
    switch self {
    case .start: "start"
    case .pick: "pick"
    case .random: "random"
    case .mutation: "mutation"
    case .crossing: "crossing"
    }
  }

  /// The trial it descends from.
  public var parent: Int? {
    switch self {
    case .start, .random: nil
    case .pick(let parent): parent
    case .mutation(let parent), .crossing(let parent): parent
    }
  }

  /// The origin of a name and a parent; nil when they do not go together.
  public init?(name: String, parent: Int?) {
    switch (name, parent) {
    case ("start", nil): self = .start
    case ("random", nil): self = .random
    case ("pick", let parent): self = .pick(parent: parent)
    case ("mutation", let parent?): self = .mutation(parent: parent)
    case ("crossing", let parent?): self = .crossing(parent: parent)
    default: return nil
    }
  }
}
