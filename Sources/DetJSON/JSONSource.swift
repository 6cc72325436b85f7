package import CJSON
import DetBasics

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
      try path.withCString { text in
        var source = CJSONSource(path: text, bytes: nil, count: 0)
        return try body(&source)
      }
    case .memory(let bytes, _):
      try withUnsafePointer(to: UInt8(0)) { nothing in
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nothing
        var source = CJSONSource(path: nil, bytes: start, count: bytes.count)
        return try body(&source)
      }
    }
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
