import DetBasics
import DetSearch
import DetSpec

/// Which data each trial learnt from and was judged by.
///
/// The table came later than the others and is made when it is needed; a trial without a row ended when nobody looked.
extension Store {
  private static let fact = "data"

  /// The fingerprint of the data that the run goes by; nil when none was kept.
  package func dataFingerprint() throws -> String? { try fact(Self.fact) }

  /// Keeps the fingerprint of the data that the run goes by from now on. The first one is taken for all trials that ended
  /// before anybody looked.
  package func keepData(_ fingerprint: String) throws {
    let isFirst = try dataFingerprint() == nil
    try makeJudged()
    let ended = try isFirst ? trials().filter { $0.result != nil }.map(\.id) : []
    try change(ended) {
      try insertFact(Self.fact, fingerprint)
      try database.query(
        "INSERT OR IGNORE INTO judged (trial, data) SELECT trial, ? FROM outcomes WHERE ?",
        [.text(fingerprint), SQLValue(isFirst ? 1 : 0)])
      try keepFacts()
    }
  }

  /// Makes the table where it is not there yet.
  func makeJudged() throws {
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS judged (
        trial INTEGER PRIMARY KEY REFERENCES trials (id), data TEXT NOT NULL)
      """)
  }

  /// The trials that were judged by other data than the run goes by now.
  package func trialsOfOtherData() throws -> Set<Int> {
    guard let fingerprint = try dataFingerprint(), try hasTable("judged") else { return [] }
    let rows = try database.query(
      "SELECT trial FROM judged JOIN outcomes USING (trial) WHERE data <> ?", [.text(fingerprint)])
    return Set(rows.compactMap { $0.integer("trial") })
  }

  /// The fingerprint of the data that a trial was judged by; nil when it is not known.
  func dataFingerprint(ofTrial id: Int) throws -> String? {
    guard try hasTable("judged") else { return nil }
    return try database.query("SELECT data FROM judged WHERE trial = ?", [SQLValue(id)]).first?
      .text("data")
  }

  func setData(_ fingerprint: String, of trial: Int) throws {
    try database.query(
      "INSERT OR REPLACE INTO judged (trial, data) VALUES (?, ?)",
      [SQLValue(trial), .text(fingerprint)])
  }

  /// Whether one of the tables is there that came later than the first version.
  func hasTable(_ name: String) throws -> Bool {
    try !database.query("SELECT name FROM sqlite_schema WHERE name = ?", [.text(name)]).isEmpty
  }
}
