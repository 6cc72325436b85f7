import DetBasics
import DetSearch
import DetSpec

/// All that a run's store knows of a trial, but for its events: kept in the trial's own folder, too, so that a store that is lost can
/// be made anew.
///
/// It is written in the same transaction as the store's rows, before that counts: of what came of a trial the store never knows more
/// than its record does.
struct TrialRecord: Codable, Hashable {
  /// The trial.
  let trial: Trial
  /// When it was suggested, in seconds since 1970.
  let suggested: Double
  /// When it ended; nil while it is open.
  let ended: Double?
  /// The fingerprint of the data it was judged by; nil when it is not known.
  let data: String?
  /// Its latest latency, which its worker need not have reported; nil without one.
  let latency: TrialEvent?

  /// The trials that it refers to.
  var references: [Int] {
    let proof = trial.outcome?.proof
    let stop = trial.outcome?.stopping
    return [trial.suggestion.origin.parent, proof?.larger, proof?.rival, stop?.rival].compactMap {
      $0
    }
  }
}

extension RunFolder {
  /// The records of the trials, by number; what is missing or damaged is left out.
  func records() -> [Int: TrialRecord] {
    let pairs = numberedFolders.compactMap { id in
      SealedFile.read(TrialRecord.self, trial(id).record).map { (id, $0) }
    }
    return Dictionary(pairs.filter { $0 == $1.trial.id }) { first, _ in first }
  }

  /// What the store knows of the run as a whole; nil where it was not kept, or is damaged.
  func keptFacts() -> [String: String]? { SealedFile.read([String: String].self, facts) }
}
