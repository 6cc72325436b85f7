/// Why a value cannot be, and which one.
package struct SettingProblem: Error, Equatable {
  /// The keys that lead to the value, from the table's own; empty when the whole is meant.
  var keys: [String]
  /// Follows the keys, as in `is 0; use 1 to 10`, unless it is a whole sentence.
  private let words: String
  private let isSentence: Bool

  /// A problem with a key's value, in words that follow the key.
  package init(_ key: String, _ words: String) {
    keys = [key]
    self.words = words
    isSentence = false
  }

  /// A problem in a sentence of its own, at the place of a key's value or of the whole.
  package init(sentence: String, at key: String? = nil) {
    keys = key.map { [$0] } ?? []
    words = sentence
    isSentence = true
  }

  /// `learningRate.from is 0; use a number above 0`.
  package var description: String {
    isSentence || keys.isEmpty ? words : "\(keys.joined(separator: ".")) \(words)"
  }
}
