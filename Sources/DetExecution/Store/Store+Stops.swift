import DetBasics
import DetSearch
import DetSpec

/// Why trainings were ended early.
///
/// The table came later than the others and is made when it is needed.
extension Store {
  func add(_ proof: StoppingProof, of trial: Int) throws {
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS stops (
        trial INTEGER PRIMARY KEY REFERENCES trials (id), proof TEXT NOT NULL)
      """)
    try database.query(
      "INSERT OR REPLACE INTO stops (trial, proof) VALUES (?, ?)",
      [SQLValue(trial), .text(try JSON.text(proof))])
  }

  /// The proofs by trial, or that of one.
  func stops(of trial: Int? = nil) throws -> [Int: StoppingProof] {
    try annex("stops", of: trial) { row in
      row.text("proof").flatMap {
        try? JSON.decode(StoppingProof.self, from: $0, source: "proof")
      }
    }
  }

  /// What a stage's trials reported after their epochs, in the order in which they did.
  func epochs(of stage: SearchStage) throws -> [(trial: Int, epoch: Int, metrics: [String: Double])]
  {
    try database.query(
      """
      SELECT trial, event FROM events JOIN trials ON trials.id = trial
      WHERE stage = ? AND event LIKE '%"event":"epoch"%' ORDER BY number
      """, [.text(stage.rawValue)]
    ).compactMap { row in
      guard let trial = row.integer("trial"), let text = row.text("event"),
        case .epoch(let epoch, let metrics) = try JSON.decode(
          TrialEvent.self, from: text, source: "\(database.path), events")
      else { return nil }
      return (trial, epoch, metrics)
    }
  }
}
