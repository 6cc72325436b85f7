import Foundation

/// Cuts a stream of bytes into lines, however the bytes arrive.
struct LineReader {
  /// The longest line that is waited for, in bytes.
  static let longest = 16 << 20
  private var rest: [UInt8] = []
  private var searched = 0

  /// What has no newline yet.
  var unfinished: String { String(decoding: rest, as: UTF8.self) }
  /// Whether a line got longer than any event can be.
  var isTooLong: Bool { rest.count > Self.longest }

  /// Takes bytes in and gives the lines that are complete now, without their newlines.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> [String] {
    rest.append(contentsOf: bytes)
    var lines: [String] = []
    var start = 0
    while let end = rest[searched...].firstIndex(of: 10) {
      lines.append(String(decoding: rest[start..<end], as: UTF8.self))
      start = end + 1
      searched = start
    }
    rest.removeFirst(start)
    searched = rest.count
    return lines
  }
}
