/// What a program can be told to do: a verb of its own, or one that the second program has.
package enum Command: Sendable {
  case own(any Verb.Type)
  case torch(TorchVerb)

  /// The word on the command line.
  package var name: String {
    switch self {
    case .own(let verb): verb.name
    case .torch(let verb): verb.rawValue
    }
  }

  /// One line for the overall help, without a full stop.
  package var summary: String {
    switch self {
    case .own(let verb): verb.summary
    case .torch(let verb): verb.summary
    }
  }
}
