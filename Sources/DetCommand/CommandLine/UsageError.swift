import DetBasics

/// What is wrong with a command line, as facts; ``description`` is the one place that words them.
package enum UsageError: Error, Equatable, Sendable {
  case unknownVerb(String, known: [String])
  case unknownOption(String, known: [String])
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(flag: String, value: String)
  case badValue(name: String, value: String, problem: String)
  case repeated(option: String)
  case missingOption(String, placeholder: String)
  case missingArgument(String, help: String)
  case surplusArgument(String)
  /// A rule that only one verb has, in its own words.
  case rule(String)
}

extension UsageError: CustomStringConvertible {
  /// What is wrong and what would be right, in one line.
  package var description: String {
    switch self {
    case .unknownVerb(let word, let known):
      let hint = Spelling.hint(for: word, among: known)
      return "there is no verb \"\(word)\""
        + (hint.isEmpty ? "; verbs: \(known.joined(separator: ", "))" : hint)
    case .unknownOption(let option, let known):
      let hint = Spelling.hint(for: option, among: known)
      let list =
        known.isEmpty ? "; there are none here" : "; options: \(known.joined(separator: ", "))"
      return "unknown option \(option)" + (hint.isEmpty ? list : hint)
    case .missingValue(let option, let placeholder):
      return "\(option) needs a value: \(option) \(placeholder)"
    case .unexpectedValue(let flag, let value):
      return "\(flag) takes no value; remove \"=\(value)\""
    case .badValue(let name, let value, let problem):
      return "\(name) is \"\(value.oneLine)\": \(problem)"
    case .repeated(let option):
      return "\(option) is given twice; give it once"
    case .missingOption(let option, let placeholder):
      return "\(option) \(placeholder) is missing"
    case .missingArgument(let placeholder, let help):
      return "\(placeholder) is missing: \(help)"
    case .surplusArgument(let word):
      return "unexpected argument \"\(word.oneLine)\"; put a text with spaces in quotes"
    case .rule(let text):
      return text
    }
  }
}
