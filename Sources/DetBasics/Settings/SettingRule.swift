/// What the value of a key must be: in words, for the reference, and as a test, which may look at other keys.
package struct SettingRule<Root: Sendable, Value: Sendable>: Sendable {
  /// Completes "use …"; empty when every value will do.
  let words: String
  /// Follows the key's name in an error, as in `is 0; use 1 to 10`; nil when the value will do.
  let problem: @Sendable (Value, Root) -> String?

  /// A rule with its own words for what is wrong.
  package init(_ words: String, problem: @escaping @Sendable (Value, Root) -> String?) {
    self.words = words
    self.problem = problem
  }

  /// A rule whose errors read `is VALUE; use WORDS`.
  package init(_ words: String, holds: @escaping @Sendable (Value, Root) -> Bool) {
    self.init(words, problem: { holds($0, $1) ? nil : "is \($0); use \(words)" })
  }

  /// Every value will do.
  package static var any: SettingRule { SettingRule("", problem: { _, _ in nil }) }
}

extension SettingRule where Value: Comparable {
  /// A value within a range, its ends included.
  package static func between(_ range: ClosedRange<Value>) -> SettingRule {
    let words = "\(SettingText.plain(range.lowerBound)) to \(SettingText.plain(range.upperBound))"
    return SettingRule(words, holds: { value, _ in range.contains(value) })
  }

  /// A value that is not smaller.
  package static func atLeast(_ least: Value) -> SettingRule {
    SettingRule("\(SettingText.plain(least)) or more", holds: { value, _ in value >= least })
  }
}

extension SettingRule {
  /// A list of at least one element, none twice, each of which a rule allows; `meaning` gives elements that are written in
  /// several ways in one.
  package static func distinct<Element>(
    _ words: String = "at least one, none twice", mayBeEmpty: Bool = false,
    each allows: @escaping @Sendable (Element) -> Bool = { _ in true },
    meaning: @escaping @Sendable (Element) -> Element = { $0 }
  ) -> SettingRule where Value == [Element], Element: Hashable {
    SettingRule(
      words,
      problem: { list, _ in
        if list.isEmpty { return mayBeEmpty ? nil : "is an empty list; name at least one" }
        var seen: [Element: Element] = [:]
        for element in list {
          if !allows(element) { return "has \(element); use \(words)" }
          if let other = seen.updateValue(element, forKey: meaning(element)) {
            return other == element
              ? "names \(element) twice; name it once"
              : "names \(other) and \(element), which mean the same; name one of them"
          }
        }
        return nil
      })
  }
}

enum SettingText {
  /// A value as people write it: whole numbers without ".0".
  static func plain(_ value: some Any) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
