import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// The trials of a run, in SQLite: what was suggested, what came of it, what was reported meanwhile.
///
/// A trial is written before its worker starts; its outcome in one transaction when it ended. So a trial without an
/// outcome is under way, or was interrupted and is done again. Readers may look on while a search goes on.
package final class Store {
  /// The version of the tables; kept in SQLite's `user_version`.
  package static let version = 1
  /// The version of SQLite.
  package static var engineVersion: String { Database.engineVersion }
  let database: Database

  /// Opens a store for a search, making its tables when it is new.
  package init(path: String) throws {
    database = try Database(path, creates: true)
    try database.execute("PRAGMA foreign_keys = ON")
    try checkVersion()
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    guard try userVersion() == 0 else { return }
    try database.transaction {
      try database.execute(Self.schema)
      try database.execute("PRAGMA user_version = \(Self.version)")
    }
  }

  /// Opens the store of an existing run to look at it.
  package init(reading path: String) throws {
    database = try Database(path, creates: false)
    try checkVersion()
    guard try userVersion() > 0 else {
      throw ExecutionError.run(
        path: path, problem: "holds no trials", cure: "name the folder of a search")
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

  private static let schema = """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE trials (
      id INTEGER PRIMARY KEY, stage TEXT NOT NULL, pick INTEGER, step INTEGER NOT NULL,
      design TEXT NOT NULL, origin TEXT NOT NULL, parent INTEGER REFERENCES trials (id),
      pruned TEXT, seed INTEGER NOT NULL, known INTEGER NOT NULL, suggested REAL NOT NULL);
    CREATE UNIQUE INDEX no_design_twice ON trials (stage, design);
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

  /// Notes a trial that is about to start.
  package func begin(_ trial: Trial) throws {
    let suggestion = trial.suggestion
    try database.query(
      """
      INSERT INTO trials (id, stage, pick, step, design, origin, parent, pruned, seed, known,
      suggested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(suggestion.id), .text(suggestion.stage.rawValue), SQLValue(suggestion.pick),
        SQLValue(suggestion.step), .text(suggestion.design.text), .text(suggestion.origin.name),
        SQLValue(suggestion.origin.parent), SQLValue(suggestion.prunedBecause),
        SQLValue(Int(trial.seed)), SQLValue(trial.known), .real(now),
      ])
  }

  /// Notes a trial that ends as it begins, because it was pruned: both or neither.
  package func begin(_ trial: Trial, ending result: Trial.Result) throws {
    try database.transaction {
      try begin(trial)
      try insert(result, trial: trial.id)
    }
  }

  /// Notes what became of a trial, in one transaction.
  package func end(_ trial: Int, _ result: Trial.Result) throws {
    try database.transaction { try insert(result, trial: trial) }
  }

  private func insert(_ result: Trial.Result, trial: Int) throws {
    var signal: Int?
    if case .crashed(let number) = result.outcome { signal = number }
    try database.query(
      """
      INSERT INTO outcomes (trial, sequence, outcome, reason, signal, metrics, seconds, ended)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(trial), SQLValue(result.sequence), .text(result.outcome.kind.rawValue),
        SQLValue(result.outcome.reason), SQLValue(signal),
        .text(try JSON.text(result.outcome.metrics)), .real(result.seconds), .real(now),
      ])
  }

  /// Keeps what a worker reported.
  package func add(_ event: TrialEvent, trial: Int) throws {
    try database.query(
      "INSERT INTO events (trial, event, reported) VALUES (?, ?, ?)",
      [SQLValue(trial), .text(try JSON.text(event)), .real(now)])
  }

  /// Keeps a fact of the run by name: its plan, the program's version.
  package func setFact(_ name: String, _ value: String) throws {
    try database.query(
      "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [.text(name), .text(value)])
  }

  // MARK: - Reading

  /// All trials by number.
  package func trials() throws -> [Trial] {
    try database.query(
      """
      SELECT trials.*, sequence, outcome, reason, signal, metrics, seconds
      FROM trials LEFT JOIN outcomes ON outcomes.trial = trials.id ORDER BY id
      """
    ).map(trial)
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

  private func trial(_ row: Row) throws -> Trial {
    guard let id = row.integer("id"), let stageName = row.text("stage"),
      let stage = SearchStage(rawValue: stageName), let text = row.text("design"),
      let originName = row.text("origin"),
      let origin = Origin(name: originName, parent: row.integer("parent")),
      let step = row.integer("step"), let seed = row.integer("seed"),
      let known = row.integer("known")
    else { throw unreadable(row) }
    let suggestion = Suggestion(
      id: id, stage: stage, pick: row.integer("pick"), step: step,
      design: try DetectorDesign(text: text), origin: origin, prunedBecause: row.text("pruned"))
    return Trial(
      suggestion: suggestion, seed: UInt64(seed), known: known, result: try result(row))
  }

  private func result(_ row: Row) throws -> Trial.Result? {
    guard let name = row.text("outcome") else { return nil }
    guard let kind = Outcome.Kind(rawValue: name), let sequence = row.integer("sequence"),
      let seconds = row.real("seconds"), let metrics = row.text("metrics")
    else { throw unreadable(row) }
    let reason = row.text("reason") ?? ""
    let outcome: Outcome =
      switch kind {
      case .finished:
        .finished(
          metrics: try JSON.decode(
            [String: Double].self, from: metrics, source: "\(database.path), metrics"))
      case .failed: .failed(reason: reason)
      case .crashed: .crashed(signal: row.integer("signal") ?? 0)
      case .timedOut: .timedOut
      case .outOfMemory: .outOfMemory
      case .diverged: .diverged
      case .pruned: .pruned(reason: reason)
      }
    return Trial.Result(outcome: outcome, sequence: sequence, seconds: seconds)
  }

  private func unreadable(_ row: Row) -> ExecutionError {
    .run(
      path: database.path,
      problem: "has a trial that cannot be read: row \(row.integer("id") ?? 0)",
      cure: "the file was changed by another program; restore it")
  }

  private var now: Double { Date().timeIntervalSince1970 }
}
