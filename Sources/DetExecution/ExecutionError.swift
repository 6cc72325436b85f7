public import DetBasics

/// Why a run cannot begin or continue: what, where, and what would be right.
///
/// What goes wrong inside a trial is an outcome, never one of these.
public enum ExecutionError: SurroundingsError, Equatable, Sendable, CustomStringConvertible {
  /// The store refused a statement.
  case store(
    path: String, sql: String, problem: String, cure: String, fault: SurroundingsFault?)
  /// The store is not what it was; `left` says what is still there of its trials.
  case lost(path: String, problem: String, left: String = "")
  /// The store was made by a newer version of this program.
  case newerStore(path: String, version: Int, known: Int)
  /// The folder cannot be used for this run.
  case run(path: String, problem: String, cure: String)
  /// A worker's process could not be started.
  case start(program: String, problem: String, cure: String, fault: SurroundingsFault)
  /// A program that was asked for latencies did not give them; its last word is the job that it was given.
  case noLatency(command: [String], problem: String)
  /// A row of a table of recorded trials cannot be used.
  case table(path: String, line: Int, problem: String)

  /// What the error is a fault of; nil for what the search itself did wrong, or was asked to.
  public var surroundings: SurroundingsFault? {
    switch self {
    case .store(_, _, _, _, let fault): fault
    case .start(_, _, _, let fault): fault
    case .lost: .storeUnusable
    case .noLatency: .noLatency
    case .newerStore, .run, .table: nil
    }
  }

  /// One line.
  public var description: String {
    switch self {
    case .store(let path, let sql, let problem, let cure, _):
      "\(path): \(problem), in \"\(sql.split(whereSeparator: \.isWhitespace).joined(separator: " "))\"; \(cure)"
    case .lost(let path, let problem, let left):
      "\(path) \(problem); put back a copy of it, or add --rebuild to smnas search, which makes it anew from what the trials left in the folder trials beside it\(left)"
    case .newerStore(let path, let version, let known):
      "\(path) has version \(version), this program knows up to \(known); use a newer program"
    case .run(let path, let problem, let cure): "\(path.oneLine) \(problem); \(cure)"
    case .start(let program, let problem, let cure, _):
      "cannot start \(program): \(problem); \(cure)"
    case .noLatency(let command, let problem):
      "\(command.map(\.oneLine).joined(separator: " ")) \(problem)"
    case .table(let path, let line, let problem): "\(path):\(line): \(problem)"
    }
  }
}
