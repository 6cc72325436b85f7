/// What is wrong with a JSON text: where (source, line, column, key path) and what would be right.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or other origin of the text.
  public let source: String
  /// Line from 1; 0 when the whole text is meant.
  public let line: Int
  /// Column from 1, in bytes.
  public let column: Int
  /// The keys that lead to the value, as in `structural.space.inputs[1]`; empty at the top.
  public let path: String
  /// What is wrong, and what would be right.
  public let problem: String

  /// Describes a problem with a JSON text.
  public init(source: String, line: Int = 0, column: Int = 0, path: String = "", problem: String) {
    self.source = source
    self.line = line
    self.column = column
    self.path = path
    self.problem = problem
  }

  /// `plan.json:3:7: structural.trials: expected a whole number, found a string`.
  public var description: String {
    let place = line > 0 ? "\(source.oneLine):\(line):\(column)" : source.oneLine
    return path.isEmpty ? "\(place): \(problem)" : "\(place): \(path): \(problem)"
  }
}
