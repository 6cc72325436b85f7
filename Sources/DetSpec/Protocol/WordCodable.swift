import DetBasics

/// A choice among a few words; in JSON it is its word, and a wrong word is answered with the right ones.
public protocol WordCodable: RawRepresentable, CaseIterable, Codable where RawValue == String {}

extension WordCodable {
  /// Reads the word out of a JSON string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let value = Self(rawValue: word) else {
      let words = Self.allCases.map(\.rawValue)
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\"\(word)\" is none of \(words.joined(separator: ", "))"
          + Spelling.hint(for: word, among: words))
    }
    self = value
  }
}
