import DetBasics
import Foundation

/// A text file with one entry on every line: names of classes or images.
///
/// Byte order marks, either kind of line end, blanks around an entry and empty lines are no part of it. A file that is
/// JSON, XML, YAML or another structure is never taken line by line.
struct ListFile {
  /// An entry, with its line counted from 1.
  struct Entry {
    let text: String
    let line: Int
  }

  let path: String
  let entries: [Entry]

  /// Reads the file; `what` says what its lines should be.
  init(_ path: String, of what: String) throws {
    self.path = path
    let text = try Files.text(path)
    if let structure = Self.structure(of: text, path) {
      throw DataError(
        place: path, problem: "is \(structure), no list",
        cure: "give a text file with \(what) on every line")
    }
    entries = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { Entry(text: String($1.trimmed), line: $0 + 1) }
      .filter { !$0.text.isEmpty }
  }

  /// Names of classes: the lines of a list, or what a data file of YOLO's tools or of Darknet calls `names`.
  static func classes(_ path: String) throws -> [String] {
    let head = try ContentHead(path)
    if isYAML(head.text, path) || YOLODataFile.isDarknet(path) {
      return try YOLODataFile(path).names
    }
    return try ListFile(path, of: "the name of a class").entries.map(\.text)
  }

  /// What a text is that is no list; nil: it may be one.
  private static func structure(of text: String, _ path: String) -> String? {
    let head = ContentHead(path: path, data: Data(text.prefix(4096).utf8))
    if head.first == "{" || head.first == "[" { return "JSON" }
    if head.rootElement != nil { return "XML" }
    if isYAML(head.text, path) { return "YAML" }
    let first = head.lines.first ?? ""
    if first.hasPrefix("item") && first.hasSuffix("{") { return "a label map of TensorFlow" }
    if first.hasPrefix("# label:") { return "a label map of CVAT" }
    return nil
  }

  /// Whether it is YAML by its ending, or by a line that begins with a key of data files.
  static func isYAML(_ text: String, _ path: String) -> Bool {
    if ["yaml", "yml"].contains(FolderTree.ending(path)) { return true }
    return text.split(whereSeparator: \.isNewline).contains { line in
      ["names:", "nc:", "train:", "val:", "path:"].contains { key in
        line.hasPrefix(key) && (line.count == key.count || line.dropFirst(key.count).first == " ")
      }
    }
  }
}
