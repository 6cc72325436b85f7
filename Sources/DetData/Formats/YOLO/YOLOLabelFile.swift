import DetBasics
import Foundation

/// A label file of YOLO's text: its lines, not yet judged.
struct YOLOLabelFile {
  let path: String
  let bytes: Data
  /// The words of every line that has some, with its number from 1.
  let lines: [(words: [Substring], number: Int)]

  /// The largest that is read; a hundred thousand outlines are smaller.
  private static let mostBytes = 256 << 20

  init(_ path: String) throws {
    self.path = path
    do {
      bytes = try Files.bytes(path, most: Self.mostBytes)
    } catch let error as FileError {
      throw DataError(place: path, problem: error.problem, cure: error.cure)
    }
    guard let text = Files.text(bytes) else {
      throw DataError(place: path, problem: "is no UTF-8 text", cure: "save it as UTF-8")
    }
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .compactMap { index, line in
        let words = line.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : (words, index + 1)
      }
    let areNumbers = lines.first?.words.allSatisfy { Double($0) != nil } ?? true
    if !areNumbers,
      let format = ForeignFormat.told(by: ContentHead(path: path, data: bytes.prefix(4096)))
    {
      throw format.error(path)
    }
  }

  /// Whether a text file without an image is one of labels all the same, and no list or note: its first line has five
  /// words or more and begins with a number, or it is empty.
  static func looksLikeOne(_ path: String) -> Bool {
    guard let head = try? ContentHead(path, most: 4096) else { return true }
    guard let words = head.lines.first?.split(whereSeparator: \.isWhitespace) else {
      return true
    }
    return words.count >= 5 && Double(words[0]) != nil
  }
}
