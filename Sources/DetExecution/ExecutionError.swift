/// What keeps a run from going on: what, where, and what would be right.
public enum ExecutionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// SQLite refused a statement.
  case database(path: String, sql: String, message: String)
  /// The store was written by a newer program.
  case newerStore(path: String, version: Int, known: Int)
  /// A run folder cannot be used as it is.
  case run(path: String, problem: String, cure: String)
  /// A worker's program could not be started.
  case start(command: String, problem: String)

  /// One line.
  public var description: String {
    switch self {
    case .database(let path, let sql, let message):
      "\(path): \(message) (while doing: \(sql.prefix(120)))"
    case .newerStore(let path, let version, let known):
      "\(path): the store has version \(version), this program knows up to \(known); update the program"
    case .run(let path, let problem, let cure): "\(path): \(problem); \(cure)"
    case .start(let command, let problem):
      "cannot start \(command): \(problem); check the path and that the file may be executed"
    }
  }
}
