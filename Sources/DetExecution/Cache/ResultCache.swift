package import DetBasics
import DetSearch
package import DetSpec
import Foundation

/// The results that trainings on this machine were paid for, whatever run they belong to: one SQLite file.
///
/// It can be deleted at any time; runs keep their own results.
package final class ResultCache: ResultSource {
  private static let version = 1
  private let database: Database
  private let hashes = FileHashes()

  /// Opens the cache of a folder, making it when it is missing.
  ///
  /// - Throws: an ``ExecutionError`` that says what to do when it cannot be used.
  package init(_ folder: CacheFolder) throws {
    let path = "\(folder.path)/results.sqlite"
    do {
      try Files.makeFolder(folder.path)
      database = try Database(path, creates: true)
      try prepare()
    } catch {
      throw ExecutionError.run(
        path: path, problem: "cannot be used (\(error))",
        cure: "mend that or delete it: runs keep their own results")
    }
  }

  private func prepare() throws {
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    let version = try database.query("PRAGMA user_version").first?.integer("user_version") ?? 0
    guard version <= Self.version else {
      throw ExecutionError.newerStore(
        path: database.path, version: version, known: Self.version)
    }
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS results (
        key TEXT PRIMARY KEY, identity TEXT NOT NULL, run TEXT NOT NULL, trial INTEGER NOT NULL,
        metrics TEXT NOT NULL, seconds REAL NOT NULL, curve TEXT NOT NULL, weights TEXT,
        kept REAL NOT NULL);
      CREATE TABLE IF NOT EXISTS places (
        weights TEXT NOT NULL, folder TEXT NOT NULL, PRIMARY KEY (weights, folder));
      PRAGMA user_version = \(Self.version)
      """)
  }

  /// What a job is found again by.
  private struct Identity: Codable {
    let key: ResultKey
    let conditions: ResultConditions
  }

  private func identity(_ job: TrialJob) throws -> String? {
    try ResultKey(job, hashes: hashes).map {
      try JSON.text(Identity(key: $0, conditions: ResultConditions(job)))
    }
  }

  /// The result of an equal job, of the same seed.
  package func result(for job: TrialJob) throws -> PaidResult? {
    guard let identity = try identity(job),
      let row = try database.query(
        "SELECT * FROM results WHERE key = ? AND identity = ?",
        [.text(StableHash.hex(of: identity)), .text(identity)]
      ).first,
      let run = row.text("run"), let trial = row.integer("trial"),
      let metrics = row.text("metrics"), let seconds = row.real("seconds")
    else { return nil }
    let source = "\(database.path), results"
    return PaidResult(
      metrics: try JSON.decode([String: Double].self, from: metrics, source: source),
      origin: .init(run: run, trial: trial, secondsPaid: seconds),
      curve: try JSON.decode([TrialEvent].self, from: row.text("curve") ?? "[]", source: source),
      folder: try row.text("weights").flatMap {
        try place(ofWeights: $0, first: RunFolder(run).trial(trial))
      })
  }

  /// A folder in which weights of this content still are: that of the trial that paid, or one that took them from it.
  private func place(ofWeights content: String, first: TrialFolder) throws -> TrialFolder? {
    let rows = try database.query(
      "SELECT folder FROM places WHERE weights = ? ORDER BY rowid", [.text(content)])
    let others = rows.compactMap { $0.text("folder").map { TrialFolder($0) } }
    return ([first] + others).first { hashes.hash(of: $0.weights) == content }
  }

  /// Keeps what a trial has found, by its job.
  func keep(_ trial: Trial, _ job: TrialJob, run: String) throws {
    guard trial.isFinished, let result = trial.result, let identity = try identity(job) else {
      return
    }
    let curve = Store.events(in: job.folder).filter(\.isOfTraining)
    let weights = hashes.hash(of: job.folder.weights)
    try database.transaction {
      try database.query(
        """
        INSERT OR REPLACE INTO results
          (key, identity, run, trial, metrics, seconds, curve, weights, kept)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(StableHash.hex(of: identity)), .text(identity), .text(run), SQLValue(trial.id),
          .text(try JSON.text(trial.metrics.withoutMeasured)), .real(result.seconds),
          .text(try JSON.text(curve)), SQLValue(weights),
          .real(Date().timeIntervalSince1970),
        ])
      if let weights { try keep(weights, in: job.folder) }
    }
  }

  private func keep(_ weights: String, in folder: TrialFolder) throws {
    try database.query(
      "INSERT OR IGNORE INTO places (weights, folder) VALUES (?, ?)",
      [.text(weights), .text(FilePath.absolute(folder.path))])
  }

  /// Notes that a folder has the weights of another, too, so that they are found when that one is deleted.
  func keepPlace(_ folder: TrialFolder, likeThatOf other: TrialFolder) throws {
    let contents = try database.query(
      "SELECT weights FROM places WHERE folder = ?", [.text(FilePath.absolute(other.path))])
    for content in contents.compactMap({ $0.text("weights") }) { try keep(content, in: folder) }
  }
}
