/// What is wrong with a design, a recipe or a stage code: the place, its value, and what would be right.
public enum SpecError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A part of a design's text cannot be read.
  case syntax(part: String, text: String, expected: String)
  /// A part reads well, but its value is out of range or does not go with the others.
  case invalid(part: String, value: String, reason: String, cure: String)

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .syntax(let part, let text, let expected):
      "\(part) is \"\(text)\"; expected \(expected)"
    case .invalid(let part, let value, let reason, let cure):
      "\(part) is \(value), but \(reason); \(cure)"
    }
  }
}
