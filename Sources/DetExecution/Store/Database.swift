import CSQLite
import DetBasics
import Foundation

/// One connection to an SQLite file; used from one thread.
package final class Database {
  let handle: OpaquePointer
  /// The version of SQLite.
  package static var engineVersion: String { String(cString: sqlite3_libversion()) }
  /// The file.
  package let path: String

  /// A folder that goes when the connection does.
  private let copy: String?

  /// Opens a file (`:memory:` for none), making it when it is missing and `creates` is set.
  package convenience init(_ path: String, creates: Bool) throws {
    let flags = SQLITE_OPEN_READWRITE | (creates ? SQLITE_OPEN_CREATE : 0)
    try self.init(path, opening: path, flags: flags)
  }

  /// Opens `place`, by which `path` is read.
  init(_ path: String, opening place: String, flags: Int32, copy: String? = nil) throws {
    self.path = path
    self.copy = copy
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(place, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      let number = opened.map(sqlite3_system_errno) ?? 0
      sqlite3_close(opened)
      throw Self.error(path, "open", String(cString: sqlite3_errstr(code)), code, number)
    }
    handle = opened
    sqlite3_extended_result_codes(opened, 1)
    sqlite3_busy_timeout(opened, 10_000)
  }

  deinit {
    sqlite3_close_v2(handle)
    if let copy { try? FileManager.default.removeItem(atPath: copy) }
  }

  /// Runs statements that return nothing.
  package func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error(sql) }
  }

  /// Runs one statement with values for its question marks and gives its rows.
  @discardableResult
  package func query(_ sql: String, _ values: [SQLValue] = []) throws -> [Row] {
    let statement = try Statement(self, sql)
    try statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(statement.row) }
    return rows
  }

  /// Does all of the body or, when it throws, nothing of it.
  package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // After some errors (a full disk) SQLite has rolled back by itself, and this one has nothing to do.
      if sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK") }
      throw error
    }
  }

  /// Does the body without waiting until the disk has what it writes; the next change outside of it waits for that, too.
  ///
  /// When this program dies nothing is lost. When the machine does, the latest of these changes may be, in their order, and no more.
  package func withoutWaiting(_ body: () throws -> Void) throws {
    // A transaction ends with waiting or without; it cannot change that amid.
    guard sqlite3_get_autocommit(handle) != 0 else { return try body() }
    try execute("PRAGMA synchronous = NORMAL")
    let result = Result { try body() }
    try execute("PRAGMA synchronous = FULL")
    try result.get()
  }

  func error(_ sql: String) -> ExecutionError {
    Self.error(
      path, sql, String(cString: sqlite3_errmsg(handle)), sqlite3_errcode(handle),
      sqlite3_system_errno(handle))
  }

  private static func error(
    _ path: String, _ sql: String, _ problem: String, _ code: Int32, _ number: Int32
  ) -> ExecutionError {
    .store(
      path: path, sql: sql, problem: problem, cure: cure(code), fault: fault(code, number))
  }

  /// What SQLite's code means; where it only says that the system refused, the system's own number is asked.
  private static func fault(_ code: Int32, _ number: Int32) -> SurroundingsFault? {
    switch code & 0xFF {
    case SQLITE_FULL: .diskFull
    case SQLITE_READONLY: .readOnly
    case SQLITE_PERM, SQLITE_AUTH: .noPermission
    case SQLITE_NOMEM: .exhausted
    case SQLITE_IOERR: SurroundingsFault(errorNumber: number) ?? .diskFailed
    case SQLITE_CANTOPEN: SurroundingsFault(errorNumber: number) ?? .storeUnusable
    case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_BUSY, SQLITE_LOCKED: .storeUnusable
    default: nil
    }
  }

  private static func cure(_ code: Int32) -> String {
    switch code & 0xFF {
    case SQLITE_FULL: "free some space and resume; what was finished is kept"
    case SQLITE_IOERR: "check the disk (is it full?) and resume; what was finished is kept"
    case SQLITE_CANTOPEN: "check the folder and its permissions"
    case SQLITE_NOTADB, SQLITE_CORRUPT:
      "it is damaged, or no store of this program: put back a copy, or add --rebuild to smnas search, which makes it anew from what the trials left in the folder trials"
    case SQLITE_READONLY, SQLITE_PERM: "check the permissions"
    case SQLITE_BUSY, SQLITE_LOCKED: "another program holds it; try again when that has ended"
    default: "see sqlite.org/rescode.html for code \(code)"
    }
  }
}

/// A value in a row, or for a question mark.
package enum SQLValue: Sendable, Equatable {
  /// NULL
  case null
  /// A whole number.
  case integer(Int64)
  /// A number.
  case real(Double)
  /// A text.
  case text(String)

  /// A number that may be missing.
  package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  /// A text that may be missing.
  package init(_ value: String?) { self = value.map(Self.text) ?? .null }
}

/// A row's values by column.
package struct Row: Sendable {
  let values: [String: SQLValue]

  /// The whole number in a column; nil for anything else.
  package func integer(_ column: String) -> Int? {
    guard case .integer(let value)? = values[column] else { return nil }
    return Int(value)
  }

  /// The number in a column; nil for anything else.
  package func real(_ column: String) -> Double? {
    switch values[column] {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The text in a column; nil for anything else.
  package func text(_ column: String) -> String? {
    guard case .text(let value)? = values[column] else { return nil }
    return value
  }
}

/// A compiled statement, closed when it goes.
private final class Statement {
  // SQLite copies the text while it is bound.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  private let database: Database
  private let sql: String
  private let handle: OpaquePointer

  init(_ database: Database, _ sql: String) throws {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(database.handle, sql, -1, &prepared, nil) == SQLITE_OK, let prepared
    else { throw database.error(sql) }
    self.database = database
    self.sql = sql
    handle = prepared
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ values: [SQLValue]) throws {
    precondition(
      Int(sqlite3_bind_parameter_count(handle)) == values.count, "\(values.count) values: \(sql)")
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let number): sqlite3_bind_int64(handle, place, number)
        case .real(let number): sqlite3_bind_double(handle, place, number)
        case .text(let text):
          sqlite3_bind_text(handle, place, text, Int32(text.utf8.count), Self.transient)
        }
      guard code == SQLITE_OK else { throw database.error(sql) }
    }
  }

  /// Whether there is a row.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw database.error(sql)
    }
  }

  var row: Row {
    var values: [String: SQLValue] = [:]
    for column in 0..<sqlite3_column_count(handle) {
      let name = sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
      values[name] = value(column)
    }
    return Row(values: values)
  }

  private func value(_ column: Int32) -> SQLValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT: .text(sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "")
    default: .null
    }
  }
}
