/// A value of a YAML file, with the line on which it begins.
package indirect enum YAMLNode: Equatable {
  /// A scalar as it is written, quotes and escapes undone.
  case text(String, line: Int)
  /// A sequence.
  case list([YAMLNode], line: Int)
  /// A mapping, in the order of the file.
  case map([Entry], line: Int)

  /// A key with its value.
  package struct Entry: Equatable {
    package let key: String
    package let line: Int
    package let value: YAMLNode
  }

  /// Where it begins.
  package var line: Int {
    switch self {
    case .text(_, let line), .list(_, let line), .map(_, let line): line
    }
  }

  /// The entry of a key; nil where this is no mapping, or one without it.
  package subscript(key: String) -> Entry? {
    guard case .map(let entries, _) = self else { return nil }
    return entries.first { $0.key == key }
  }
}
