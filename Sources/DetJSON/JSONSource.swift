package import CJSON
import DetBasics
import Foundation

/// Where the text of a big JSON file comes from, and how the shim's failures become this project's errors.
package enum JSONSource {
  case file(String)
  case memory(UnsafeRawBufferPointer, name: String)

  /// What errors call it.
  package var name: String {
    switch self {
    case .file(let path): path
    case .memory(_, let name): name
    }
  }

  /// Lends the source to a function of the shim.
  package func withShim<Result>(
    _ body: (inout CJSONSource) throws -> Result
  ) rethrows -> Result {
    switch self {
    case .file(let path):
      if let text = Self.textInUTF16(path) {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: text.utf8.count + 1)
        defer { bytes.deallocate() }
        for (place, byte) in text.utf8.enumerated() { bytes[place] = byte }
        var source = CJSONSource(path: nil, bytes: bytes, count: text.utf8.count)
        return try body(&source)
      }
      return try path.withCString { text in
        var source = CJSONSource(path: text, bytes: nil, count: 0)
        return try body(&source)
      }
    case .memory(let bytes, _):
      return try withUnsafePointer(to: UInt8(0)) { nothing in
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nothing
        var source = CJSONSource(path: nil, bytes: start, count: bytes.count)
        return try body(&source)
      }
    }
  }

  /// The text of a file in UTF-16, as PowerShell writes it, by its byte order mark; nil for any other file.
  private static func textInUTF16(_ path: String) -> String? {
    var mark: [UInt8] = [0, 0]
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else { return nil }
    defer { try? file.close() }
    mark = (try? file.read(upToCount: 2)).map { Array($0) } ?? []
    guard mark == [0xFF, 0xFE] || mark == [0xFE, 0xFF] else { return nil }
    guard let rest = try? file.readToEnd() else { return nil }
    return Files.text(Data(mark) + rest)
  }

  /// What went wrong with the source: a `FileError` or a `JSONError`.
  package func error(_ failure: CJSONFailure) -> any Error {
    let message = Self.text(failure.message)
    switch failure.kind {
    case Int32(bitPattern: CJSONFailureFile.rawValue):
      return FileError(path: name, action: message, errorNumber: failure.errorNumber)
    case Int32(bitPattern: CJSONFailureMemory.rawValue):
      return FileError(
        path: name, problem: message, cure: "close other programs, or use a machine with more")
    default:
      return JSONError(
        source: name, line: Int(failure.line), column: Int(failure.column),
        path: Self.text(failure.path), problem: message)
    }
  }

  /// The C text at the start of a tuple of characters.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
