public import Foundation

/// A file of one JSON object per line: appended to by one process, readable by any at any moment.
///
/// A line counts once its newline is there. A writer that died leaves at most one torn last line, which
/// reading skips and reports, and which the next writer ends before it appends.
public final class JSONLinesWriter {
  private let descriptor: Int32
  private let path: String

  /// Opens the file for appending, making it when it is missing.
  public init(appendingTo path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the file", errorNumber: errno)
    }
    var last: UInt8 = 10
    let size = lseek(descriptor, 0, SEEK_END)
    if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 10 {
      try AtomicFile.writeAll(Data([10]), to: descriptor, path: path)
    }
  }

  deinit { close(descriptor) }

  /// Appends a value as one line.
  public func append(_ value: some Encodable) throws {
    var line = try JSON.encode(value)
    line.append(10)
    try AtomicFile.writeAll(line, to: descriptor, path: path)
  }
}

/// What a file of JSON lines holds.
public struct JSONLinesContent: Sendable {
  /// The complete lines that hold text, in order, with their line numbers from 1.
  public let lines: [(number: Int, text: String)]
  /// True when the file ends in the middle of a line, as a killed writer leaves it.
  public let endsTorn: Bool

  /// Splits text at newlines; what follows the last newline is torn.
  public init(_ data: Data) {
    let parts = data.split(separator: 10, omittingEmptySubsequences: false)
    endsTorn = !(parts.last?.isEmpty ?? true)
    lines = parts.dropLast().enumerated().compactMap { index, bytes in
      bytes.isEmpty ? nil : (index + 1, String(decoding: bytes, as: UTF8.self))
    }
  }
}
