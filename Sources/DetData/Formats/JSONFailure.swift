import CJSON
import DetBasics

extension CJSONFailure {
  /// What went wrong with the file at `path`, as this project's error.
  func error(_ path: String) -> any Error {
    let text = Self.words(message)
    switch kind {
    case Int32(bitPattern: CJSONFailureFile.rawValue):
      return FileError(path: path, action: text, errorNumber: errorNumber)
    case Int32(bitPattern: CJSONFailureMemory.rawValue):
      return FileError(path: path, problem: text, cure: "close other programs")
    default:
      return JSONError(
        source: path, line: Int(line), column: Int(column), path: Self.words(self.path),
        problem: text)
    }
  }

  private static func words<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
