import DetSearch

/// Which trials took a result that was paid for elsewhere.
///
/// The table came later than the others and is made when it is needed.
extension Store {
  func add(_ cached: Trial.Cached, of trial: Int) throws {
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS cached (
        trial INTEGER PRIMARY KEY REFERENCES trials (id),
        run TEXT NOT NULL, source INTEGER NOT NULL, paid REAL NOT NULL)
      """)
    try database.query(
      "INSERT OR REPLACE INTO cached (trial, run, source, paid) VALUES (?, ?, ?, ?)",
      [SQLValue(trial), .text(cached.run), SQLValue(cached.trial), .real(cached.secondsPaid)])
  }

  /// Who paid, by trial, or for one.
  func cached(of trial: Int? = nil) throws -> [Int: Trial.Cached] {
    try annex("cached", of: trial) { row in
      guard let run = row.text("run"), let source = row.integer("source"),
        let paid = row.real("paid")
      else { return nil }
      return Trial.Cached(run: run, trial: source, secondsPaid: paid)
    }
  }
}
