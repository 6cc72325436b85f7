import DetSearch

/// What tables that came later than the others know of a trial.
struct TrialAnnex {
  /// What proves that it need not be evaluated.
  var pruning: PruningProof?
  /// What shows that its training need not go on.
  var stopping: StoppingProof?
  /// Who paid for its result.
  var cached: Trial.Cached?
}

extension Store {
  /// The annexes by trial, or that of one; trials without one are left out.
  func annexes(of trial: Int? = nil) throws -> [Int: TrialAnnex] {
    var found: [Int: TrialAnnex] = [:]
    for (id, proof) in try proofs(of: trial) { found[id, default: .init()].pruning = proof }
    for (id, proof) in try stops(of: trial) { found[id, default: .init()].stopping = proof }
    for (id, cached) in try cached(of: trial) { found[id, default: .init()].cached = cached }
    return found
  }

  /// What a later table has of each trial, or of one; nothing where it was not made yet. Rows that cannot be read are left out.
  func annex<Value>(
    _ table: String, of trial: Int?, _ read: (Row) -> Value?
  ) throws -> [Int: Value] {
    guard try hasTable(table) else { return [:] }
    let rows = try database.query(
      "SELECT * FROM \(table)" + (trial == nil ? "" : " WHERE trial = ?"),
      trial.map { [SQLValue($0)] } ?? [])
    let pairs = rows.compactMap { row in
      row.integer("trial").flatMap { trial in read(row).map { (trial, $0) } }
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
