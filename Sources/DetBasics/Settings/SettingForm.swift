/// How a value is written in JSON when that is not its own form, as a range by its two ends.
package struct SettingForm<Value: Sendable, Written: SettingValue>: Sendable {
  /// What to write, in a word or two for the reference.
  let words: String
  let write: @Sendable (Value) -> Written
  let read: @Sendable (Written, _ key: String) throws -> Value

  /// - Parameters:
  ///   - words: What to write, in a word or two for the reference.
  ///   - write: The value as it is written.
  ///   - read: The value of what was written; or, in words that follow the key's name, why there is none.
  package init(
    _ words: String = Written.form, write: @escaping @Sendable (Value) -> Written,
    read: @escaping @Sendable (Written) -> SettingReading<Value>
  ) {
    self.words = words
    self.write = write
    self.read = { written, key in
      switch read(written) {
      case .value(let value): return value
      case .problem(let words): throw SettingProblem(key, words)
      }
    }
  }
}

extension SettingForm where Value == Written {
  /// The value's own form.
  init() { self.init(write: { $0 }, read: { .value($0) }) }
}

extension SettingForm where Value: CaseIterable & RawRepresentable<String>, Written == String {
  /// One of a few words; a wrong one is answered with the right ones.
  package static var word: SettingForm {
    let words = Value.allCases.map(\.rawValue)
    return SettingForm(
      words.map { "\"\($0)\"" }.joined(separator: " | "), write: { $0.rawValue },
      read: { word in
        if let value = Value(rawValue: word) { return .value(value) }
        return .problem(
          "is \"\(word)\"; use one of \(words.joined(separator: ", "))"
            + Spelling.hint(for: word, among: words))
      })
  }
}

/// What comes of reading a value in a form of its own.
package enum SettingReading<Value: Sendable>: Sendable {
  /// It reads well.
  case value(Value)
  /// It does not, for a reason in words that follow the key's name.
  case problem(String)
}

/// A default that follows from other keys.
package struct SettingFallback<Root: Sendable, Value: Sendable>: Sendable {
  let words: String
  let value: @Sendable (Root) -> Value

  /// The default in words for the reference, and from what was read before it.
  package init(_ words: String, value: @escaping @Sendable (Root) -> Value) {
    self.words = words
    self.value = value
  }
}
