import DetSearch
import DetSpec

/// What proves that designs need not be evaluated: the trials that do, and what it saves.
///
/// The table came later than the others and is made when it is needed; a pruned trial without a row has its reason in words alone.
extension Store {
  func add(_ proof: PruningProof, of trial: Int) throws {
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS proofs (
        trial INTEGER PRIMARY KEY REFERENCES trials (id),
        larger INTEGER NOT NULL REFERENCES trials (id),
        rival INTEGER NOT NULL REFERENCES trials (id),
        metric TEXT NOT NULL, cost REAL NOT NULL, saved REAL NOT NULL)
      """)
    try database.query(
      "INSERT INTO proofs (trial, larger, rival, metric, cost, saved) VALUES (?, ?, ?, ?, ?, ?)",
      [
        SQLValue(trial), SQLValue(proof.larger), SQLValue(proof.rival),
        .text(proof.metric.rawValue), .real(proof.cost), .real(proof.secondsSaved),
      ])
  }

  /// The proofs by trial, or that of one.
  func proofs(of trial: Int? = nil) throws -> [Int: PruningProof] {
    try annex("proofs", of: trial) { row in
      guard let larger = row.integer("larger"), let rival = row.integer("rival"),
        let metric = row.text("metric").flatMap(Metric.init(rawValue:)),
        let cost = row.real("cost"), let saved = row.real("saved")
      else { return nil }
      return PruningProof(
        larger: larger, rival: rival, metric: metric, cost: cost, secondsSaved: saved)
    }
  }
}
