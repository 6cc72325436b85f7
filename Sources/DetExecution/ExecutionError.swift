/// Why a run cannot begin or continue: what, where, and what would be right.
///
/// What goes wrong inside a trial is an outcome, never one of these.
public enum ExecutionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The store refused a statement.
  case store(path: String, sql: String, problem: String, cure: String)
  /// The store was made by a newer version of this program.
  case newerStore(path: String, version: Int, known: Int)
  /// The folder cannot be used for this run.
  case run(path: String, problem: String, cure: String)
  /// A worker's process could not be started.
  case start(program: String, problem: String, cure: String)
  /// A row of a table of recorded trials cannot be used.
  case table(path: String, line: Int, problem: String)

  /// One line.
  public var description: String {
    switch self {
    case .store(let path, let sql, let problem, let cure):
      "\(path): \(problem), in \"\(sql.split(whereSeparator: \.isWhitespace).joined(separator: " "))\"; \(cure)"
    case .newerStore(let path, let version, let known):
      "\(path) has version \(version), this program knows up to \(known); use a newer program"
    case .run(let path, let problem, let cure): "\(path) \(problem); \(cure)"
    case .start(let program, let problem, let cure): "cannot start \(program): \(problem); \(cure)"
    case .table(let path, let line, let problem): "\(path):\(line): \(problem)"
    }
  }
}
