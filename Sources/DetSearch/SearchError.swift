/// What is wrong with a plan, a space or a table of recorded trials, and what would be right.
public enum SearchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A value of the plan cannot be worked with.
  case plan(key: String, problem: String, cure: String)
  /// A space holds no design, or too many to list.
  case space(problem: String, cure: String)

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .plan(let key, let problem, let cure): "the plan's \(key) \(problem); \(cure)"
    case .space(let problem, let cure): "\(problem); \(cure)"
    }
  }
}
