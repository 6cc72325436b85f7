import DetSearch
import DetSpec

/// What a coordinator knows of a trial that a worker has: from its slot to what is to be kept when it ends.
struct WorkUnderWay {
  /// The trial.
  let trial: Trial
  /// The worker's place.
  let slot: Int
  /// Whether it was begun before.
  let isAgain: Bool
  /// Results that its worker need not report at the end: what was counted here or reported earlier.
  var known: [String: Double]
  /// Whether its design is being timed, so that it can be decided whether to train it.
  var isBeingTimed = false
  /// Its latency, where that was taken before its training; whatever its worker reports does not count then.
  var timed: LatencyReading?
  /// Seconds for which its design was timed.
  var timing = 0.0
  /// The epochs that its worker has done; where it goes on from an earlier one's, those before its first report are not known to be its own.
  private(set) var epochs: ClosedRange<Int>?
  /// What was asked of its worker.
  var job: TrialJob?
  /// Who paid for its results, where it is not trained here.
  var cached: Trial.Cached?
  /// That its latency was taken on another device than the run's.
  var otherDevice: Hindrance?

  /// Notes that its worker has done an epoch.
  mutating func take(epoch: Int) {
    let first = epochs?.lowerBound ?? (isAgain ? epoch : min(1, epoch))
    epochs = first...max(first, epoch)
  }

  /// What is known of its costs before its end.
  var knownCosts: [String: Double] {
    var costs = known
    if let timed { costs.takeLatency(timed) }
    return costs
  }

  init(_ trial: Trial, slot: Int, isAgain: Bool, known: [String: Double]) {
    self.trial = trial
    self.slot = slot
    self.isAgain = isAgain
    self.known = known
  }
}
