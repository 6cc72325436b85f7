import DetBasics
import Foundation

/// The beginning of a file, by which its format is known.
struct ContentHead {
  /// Where it is.
  let path: String
  /// Its text as far as it was read; bytes that are no text show as replacement characters.
  let text: String

  /// Reads at most `most` bytes.
  init(_ path: String, most: Int = 1 << 16) throws {
    try Files.expectFile(path)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FileError(
        path: path, problem: "cannot be read", cure: "check the permissions of the file")
    }
    defer { try? file.close() }
    self.init(path: path, data: (try? file.read(upToCount: most)) ?? Data())
  }

  init(path: String, data: Data) {
    self.path = path
    text = Files.text(data) ?? String(decoding: data, as: UTF8.self)
  }

  /// The first lines that are not empty, trimmed.
  func lines(_ count: Int = 5) -> [String] {
    text.split(whereSeparator: \.isNewline).lazy
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      .prefix(count).map { $0 }
  }

  /// The first character that is no white space.
  var first: Character? { text.first { !$0.isWhitespace } }

  /// Whether it begins as JSON does.
  var looksLikeJSON: Bool { first == "{" || first == "[" }

  /// The name of the first element, when it is XML.
  var rootElement: String? {
    guard first == "<" else { return nil }
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: open)...]
      if rest.hasPrefix("!--") {
        guard let end = rest.range(of: "-->") else { return nil }
        rest = rest[end.upperBound...]
      } else if let next = rest.first, next != "?", next != "!" {
        return String(rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" })
      }
    }
    return nil
  }
}
