import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// The trials of a run, in SQLite: what was suggested, what came of it, what was reported meanwhile.
///
/// A trial is written before its worker starts; its outcome in one transaction when it ended. So a trial without an
/// outcome is under way, or was interrupted and is done again. Readers may look while a search is running.
package final class Store {
  /// The version of the tables; kept in SQLite's `user_version`.
  package static let version = 1
  /// The version of SQLite.
  package static var engineVersion: String { Database.engineVersion }
  let database: Database
  /// The file as it was opened for writing; nil for one in memory, or one that is only read.
  private var file: FileStatus?
  /// Where the records of its trials are; nil for a store that keeps none, in memory or only read.
  let folder: RunFolder?

  /// Opens a store for a search, making its tables when it is new; the records of its trials are kept in a run's `folder`.
  package init(path: String, folder: RunFolder? = nil) throws {
    self.folder = folder
    database = try Database(path, creates: true)
    try prepare()
    guard try userVersion() == 0 else { return }
    try database.transaction {
      try database.execute(Self.schema)
      try database.execute("PRAGMA user_version = \(Self.version)")
    }
  }

  /// Opens the store of an existing run for a search; one that is gone, empty or damaged is refused.
  package init(resuming path: String, folder: RunFolder? = nil) throws {
    self.folder = folder
    guard let status = FileStatus(path) else {
      throw ExecutionError.lost(path: path, problem: "is gone")
    }
    guard status.size > 0 else { throw ExecutionError.lost(path: path, problem: "is empty") }
    database = try Database(path, creates: false)
    try prepare()
    guard try userVersion() > 0 else {
      throw ExecutionError.lost(path: path, problem: "holds no trials")
    }
    let faults = try database.query("PRAGMA integrity_check(1)")
    guard let found = faults.first?.text("integrity_check"), found != "ok" else { return }
    throw ExecutionError.lost(
      path: path, problem: "is damaged (\(found.split(separator: "\n").joined(separator: " ")))")
  }

  /// Whether a file is a store, or one whose making was cut short: never another program's database.
  package static func isOne(_ path: String) -> Bool {
    guard let status = FileStatus(path) else { return false }
    if status.size == 0 { return true }
    guard let database = try? Database.look(at: path),
      let rows = try? database.query("SELECT name FROM sqlite_schema WHERE type = 'table'")
    else { return false }
    return rows.isEmpty
      || Set(rows.compactMap { $0.text("name") }).isSuperset(of: ["facts", "trials"])
  }

  private func prepare() throws {
    try database.execute("PRAGMA foreign_keys = ON")
    try checkVersion()
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    file = FileStatus(database.path)
    try allowReseeds()
  }

  /// Fails when the file is not in its place any more: SQLite would go on writing to one that nobody finds.
  private func checkPlace() throws {
    guard let file else { return }
    guard let now = FileStatus(database.path), now.identity == file.identity else {
      throw ExecutionError.lost(
        path: database.path, problem: "was deleted or replaced while the search was at work")
    }
    guard now.size > 0 else {
      throw ExecutionError.lost(
        path: database.path, problem: "was emptied while the search was at work")
    }
  }

  /// Opens the store of an existing run to look at it; needs to write nothing, and changes nothing of the run.
  package init(reading path: String) throws {
    folder = nil
    database = try Database.look(at: path)
    try checkVersion()
    guard try userVersion() > 0 else {
      throw ExecutionError.lost(path: path, problem: "holds no trials")
    }
  }

  private func checkVersion() throws {
    let version = try userVersion()
    guard version <= Self.version else {
      throw ExecutionError.newerStore(path: database.path, version: version, known: Self.version)
    }
  }

  private func userVersion() throws -> Int {
    try database.query("PRAGMA user_version").first?.integer("user_version") ?? 0
  }

  /// A design is suggested once in a stage; what trains it again says so.
  private static let noDesignTwice =
    "CREATE UNIQUE INDEX no_design_twice ON trials (stage, design) WHERE origin <> 'reseed'"

  /// Earlier stores allowed no repetitions.
  private func allowReseeds() throws {
    let known = try database.query(
      "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'no_design_twice'")
    guard let sql = known.first?.text("sql"), !sql.contains("reseed") else { return }
    try database.transaction {
      try database.execute("DROP INDEX no_design_twice; \(Self.noDesignTwice)")
    }
  }

  private static let schema = """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE trials (
      id INTEGER PRIMARY KEY, stage TEXT NOT NULL, pick INTEGER, step INTEGER NOT NULL,
      design TEXT NOT NULL, origin TEXT NOT NULL, parent INTEGER REFERENCES trials (id),
      pruned TEXT, seed INTEGER NOT NULL, known INTEGER NOT NULL, suggested REAL NOT NULL);
    \(noDesignTwice);
    CREATE TABLE outcomes (
      trial INTEGER PRIMARY KEY REFERENCES trials (id), sequence INTEGER NOT NULL UNIQUE,
      outcome TEXT NOT NULL, reason TEXT, signal INTEGER, metrics TEXT NOT NULL,
      seconds REAL NOT NULL, ended REAL NOT NULL);
    CREATE TABLE events (
      number INTEGER PRIMARY KEY, trial INTEGER NOT NULL REFERENCES trials (id),
      event TEXT NOT NULL, reported REAL NOT NULL);
    CREATE INDEX events_of_a_trial ON events (trial);
    """

  // MARK: - Writing

  /// Notes a trial that is about to start; or one that ends as it begins, because it was pruned: all or nothing.
  ///
  /// - Throws: an ``ExecutionError`` when it cannot be kept; a `FileError` when a trial that is about to start is kept, but can have
  ///   no record in its folder.
  package func begin(_ trial: Trial) throws {
    try checkPlace()
    guard let result = trial.result else {
      try insert(trial, at: now)
      // The store has it on the disk: only if both were lost at once would this trial be, and it has no results yet.
      return try keepRecord(ofTrial: trial.id, waits: false)
    }
    try change([trial.id]) {
      try insert(trial, at: now)
      try insert(result, trial: trial.id, at: now)
    }
  }

  /// Notes what became of a trial, in one transaction.
  ///
  /// - Parameters:
  ///   - trial: its number.
  ///   - result: what became of it.
  ///   - data: the fingerprint of the data it learnt from and was judged by; nil when it is not known.
  /// - Throws: an ``ExecutionError`` when it cannot be kept.
  package func end(_ trial: Int, _ result: Trial.Result, data: String? = nil) throws {
    try checkPlace()
    try change([trial]) {
      try insert(result, trial: trial, at: now)
      if let data { try setData(data, of: trial) }
    }
  }

  /// Takes the outcomes of trials back, so that they are done again; what their workers reported stays.
  package func reopen(_ trials: [Int]) throws {
    try change(trials) {
      for trial in trials {
        try database.query("DELETE FROM outcomes WHERE trial = ?", [SQLValue(trial)])
      }
    }
  }

  /// Adds a trial's row.
  func insert(_ trial: Trial, at time: Double) throws {
    try insert(
      into: "trials", TrialRow.trialColumns + ", suggested", TrialRow.values(trial) + [.real(time)])
  }

  /// Adds the row of a trial's outcome.
  func insert(_ result: Trial.Result, trial: Int, at time: Double) throws {
    try insert(
      into: "outcomes", TrialRow.outcomeColumns + ", ended",
      TrialRow.values(result, trial: trial) + [.real(time)])
    if let proof = result.outcome.proof { try add(proof, of: trial) }
    if let stop = result.outcome.stopping { try add(stop, of: trial) }
    if let cached = result.cached { try add(cached, of: trial) }
  }

  private func insert(into table: String, _ columns: String, _ values: [SQLValue]) throws {
    let marks = [String](repeating: "?", count: values.count).joined(separator: ", ")
    try database.query("INSERT INTO \(table) (\(columns)) VALUES (\(marks))", values)
  }

  /// Keeps what a worker reported.
  ///
  /// Reports are many, and the disk is not waited for: they are on it at the latest with the next outcome, which stands on them.
  package func add(_ event: TrialEvent, trial: Int) throws {
    try database.withoutWaiting {
      try database.query(
        "INSERT INTO events (trial, event, reported) VALUES (?, ?, ?)",
        [SQLValue(trial), .text(try JSON.text(event)), .real(now)])
    }
  }

  /// A fact of the run by name; nil when it was not kept.
  package func fact(_ name: String) throws -> String? {
    try database.query("SELECT value FROM facts WHERE name = ?", [.text(name)]).first?
      .text("value")
  }

  /// Keeps a fact of the run by name: its plan, the program's version.
  package func setFact(_ name: String, _ value: String) throws {
    try database.transaction {
      try insertFact(name, value)
      try keepFacts()
    }
  }

  /// The same within a transaction, for the table alone.
  func insertFact(_ name: String, _ value: String) throws {
    try database.query(
      "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [.text(name), .text(value)])
  }

  // MARK: - Reading

  /// All trials by number.
  package func trials() throws -> [Trial] {
    let annexes = try annexes()
    return try database.query(
      """
      SELECT trials.*, sequence, outcome, reason, signal, metrics, seconds
      FROM trials LEFT JOIN outcomes ON outcomes.trial = trials.id ORDER BY id
      """
    ).map { row in
      let id = row.integer("id") ?? 0
      guard
        let trial = try TrialRow.trial(
          row, annexes[id] ?? .init(), source: database.path)
      else {
        throw unreadable(row)
      }
      return trial
    }
  }

  /// All trials by number, each that has results with those by which its stage of a plan judges.
  package func trials(judgedBy plan: Plan) throws -> [Trial] {
    let trials = try trials()
    for trial in trials {
      guard let problem = trial.problem(with: plan.objectives(of: trial.stage)) else { continue }
      throw ExecutionError.lost(
        path: database.path, problem: "is damaged (trial \(trial.id): \(problem))")
    }
    return trials
  }

  /// What a trial's worker reported, in order; an interrupted trial may report an epoch again, the last counts.
  package func events(ofTrial id: Int) throws -> [TrialEvent] {
    try database.query(
      "SELECT event FROM events WHERE trial = ? ORDER BY number", [SQLValue(id)]
    ).map { row in
      try JSON.decode(
        TrialEvent.self, from: row.text("event") ?? "", source: "\(database.path), events")
    }
  }

  /// When the first trial was suggested, in seconds since 1970; nil without trials.
  package func beginning() throws -> Double? {
    try database.query("SELECT min(suggested) AS start FROM trials").first?.real("start")
  }

  private func unreadable(_ row: Row) -> ExecutionError {
    .run(
      path: database.path,
      problem: "has a trial that cannot be read: row \(row.integer("id") ?? 0)",
      cure:
        "the file was damaged, or changed by another program; put back a copy, or add --rebuild to smnas search, which makes it anew from what the trials left"
    )
  }

  private var now: Double { Date().timeIntervalSince1970 }
}
