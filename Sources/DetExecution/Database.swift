import CSQLite
import DetBasics
import Foundation

/// A value in a row of the store.
public enum DatabaseValue: Sendable, Equatable {
  /// NULL.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number.
  case real(Double)
  /// A text.
  case text(String)
}

/// A row, by column.
public typealias DatabaseRow = [DatabaseValue]

extension DatabaseValue {
  /// The whole number; nil for any other kind.
  public var integer: Int64? {
    if case .integer(let value) = self { return value }
    return nil
  }

  /// The number, whole or not; nil for any other kind.
  public var real: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .null, .text: nil
    }
  }

  /// The text; nil for any other kind.
  public var text: String? {
    if case .text(let value) = self { return value }
    return nil
  }
}

/// A SQLite file: statements with bound values, and transactions. Used from one thread.
///
/// Write-ahead logging lets any number of readers look while one process writes; `synchronous=FULL` makes a
/// committed transaction survive a power cut.
public final class Database {
  private var handle: OpaquePointer?
  private let path: String
  private var prepared: [String: OpaquePointer] = [:]

  /// Opens the file, making it when `create` says so.
  public init(path: String, create: Bool = false, readOnly: Bool = false) throws {
    self.path = path
    var flags = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    if create { flags |= SQLITE_OPEN_CREATE }
    let status = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK else {
      let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "cannot open the file"
      sqlite3_close_v2(handle)
      throw ExecutionError.database(path: path, sql: "open", message: message)
    }
    // A reader that meets a writer waits instead of failing.
    sqlite3_busy_timeout(handle, 10_000)
    if !readOnly {
      try run("PRAGMA journal_mode=WAL")
      try run("PRAGMA synchronous=FULL")
      try run("PRAGMA foreign_keys=ON")
    }
  }

  deinit {
    for statement in prepared.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs a statement with values for its question marks and gives its rows.
  @discardableResult
  public func run(_ sql: String, _ values: DatabaseValue...) throws -> [DatabaseRow] {
    try run(sql, values: values)
  }

  /// Runs a statement with a list of values for its question marks and gives its rows.
  @discardableResult
  public func run(_ sql: String, values: [DatabaseValue]) throws -> [DatabaseRow] {
    let statement = try statement(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    precondition(
      Int(sqlite3_bind_parameter_count(statement)) == values.count,
      "\(values.count) values for the statement \(sql)")
    for (index, value) in values.enumerated() {
      try check(bind(value, at: Int32(index + 1), of: statement), sql)
    }
    var rows: [DatabaseRow] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: rows.append(row(statement))
      case SQLITE_DONE: return rows
      default: throw error(sql)
      }
    }
  }

  /// Does all of `body`, or nothing of it when it throws.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // The statement that failed is the news; a rollback that fails as well adds nothing to it.
      _ = try? run("ROLLBACK")
      throw error
    }
  }

  /// The number that a program keeps in the file to know its layout.
  public var userVersion: Int {
    get throws { Int(try run("PRAGMA user_version").first?.first?.integer ?? 0) }
  }

  /// Sets ``userVersion``.
  public func setUserVersion(_ version: Int) throws { try run("PRAGMA user_version=\(version)") }

  private func statement(_ sql: String) throws -> OpaquePointer {
    if let statement = prepared[sql] { return statement }
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil), sql)
    guard let statement else {
      throw ExecutionError.database(path: path, sql: sql, message: "an empty statement")
    }
    prepared[sql] = statement
    return statement
  }

  private func bind(_ value: DatabaseValue, at index: Int32, of statement: OpaquePointer) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer(let number): return sqlite3_bind_int64(statement, index, number)
    case .real(let number): return sqlite3_bind_double(statement, index, number)
    case .text(let text):
      // SQLite must copy the bytes: they live only for this call (its SQLITE_TRANSIENT).
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      return sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), transient)
    }
  }

  private func row(_ statement: OpaquePointer) -> DatabaseRow {
    (0..<sqlite3_column_count(statement)).map { column in
      switch sqlite3_column_type(statement, column) {
      case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
      case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
      case SQLITE_NULL: return .null
      default:
        return .text(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
      }
    }
  }

  private func check(_ status: Int32, _ sql: String) throws {
    guard status == SQLITE_OK else { throw error(sql) }
  }

  private func error(_ sql: String) -> ExecutionError {
    let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no database"
    let cure = sqlite3_errcode(handle) & 0xFF == SQLITE_FULL ? "; free some space" : ""
    return ExecutionError.database(path: path, sql: sql, message: message + cure)
  }
}
