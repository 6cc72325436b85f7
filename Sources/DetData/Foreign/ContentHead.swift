import DetBasics
import Foundation

/// The beginning of a file, by which its format is known.
struct ContentHead {
  /// Where it is.
  let path: String
  /// Its text as far as it was read; bytes that are no text show as replacement characters.
  let text: String
  /// The first lines that are not empty, at most five, trimmed.
  let lines: [String]
  /// The first character that is no white space.
  let first: Character?

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
    lines = Self.lines(text)
    first = text.first { !$0.isWhitespace }
  }

  private static func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var rest = text[...]
    while lines.count < 5, !rest.isEmpty {
      let line = rest.prefix { !$0.isNewline }
      rest = rest[line.endIndex...].dropFirst()
      let content = line.trimmed
      if !content.isEmpty { lines.append(String(content)) }
    }
    return lines
  }

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
