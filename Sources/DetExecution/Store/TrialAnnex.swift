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
}
