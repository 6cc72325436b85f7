import CSQLite
import DetBasics
import Foundation

/// Looking into a file without writing anything beside it, whoever's it is and wherever it lies.
///
/// A store is in SQLite's WAL mode: what was written last may stand in a file `-wal` beside it, and all who have it open share
/// memory through a file `-shm`. An ordinary connection makes both when they are missing, which is impossible on a place that
/// may only be read, and elsewhere leaves files that may belong to the wrong user.
extension Database {
  /// Opens a file for reading alone, by the first of these ways that works:
  /// 1. At rest: it was closed properly, there is nothing beside it, and it is read as it is.
  /// 2. In use, or left behind by a process that was killed: both files are there, and serve without being made.
  /// 3. Any other state is copied into a temporary folder and read there.
  static func look(at path: String) throws -> Database {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ExecutionError.lost(path: path, problem: "is gone")
    }
    if !hasContent(path + "-wal"), !FileManager.default.fileExists(atPath: path + "-shm") {
      return try readOnly(path, "immutable=1")
    }
    if FileManager.default.fileExists(atPath: path + "-wal"),
      FileManager.default.fileExists(atPath: path + "-shm"),
      let shared = try? readOnly(path, "mode=ro")
    {
      return shared
    }
    return try copied(path)
  }

  /// What tells whether a file was written meanwhile: the sizes and times of it and of its `-wal`.
  static func state(of path: String) -> [Int] {
    [path, path + "-wal"].flatMap { file in
      guard let status = FileStatus(file) else { return [-1] }
      return [status.identity.number, status.size, status.seconds, status.nanoseconds]
    }
  }

  private static func hasContent(_ path: String) -> Bool { FileStatus(path)?.size ?? 0 > 0 }

  private static func readOnly(_ path: String, _ option: String) throws -> Database {
    // In a URI these have meanings of their own.
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
    let absolute = URL(fileURLWithPath: path).path
    let name = absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute
    let database = try Database(
      path, opening: "file:\(name)?\(option)", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    // Opening looks at nothing; this does.
    try database.query("SELECT count(*) FROM sqlite_schema")
    return database
  }

  /// A copy of the file with its `-wal`, taken while nobody wrote to either.
  private static func copied(_ path: String) throws -> Database {
    let folder = "\(NSTemporaryDirectory())/smnas-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    do {
      let copy = "\(folder)/store"
      for attempt in 1... {
        let before = state(of: path)
        for ending in ["", "-wal"] where ending.isEmpty || hasContent(path + ending) {
          try? FileManager.default.removeItem(atPath: copy + ending)
          try Files.bytes(path + ending).write(to: URL(fileURLWithPath: copy + ending))
        }
        if before == state(of: path) || attempt == 5 { break }
      }
      return try Database(path, opening: copy, flags: SQLITE_OPEN_READWRITE, copy: folder)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }
}
