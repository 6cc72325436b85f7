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
  /// What was asked of its worker.
  var job: TrialJob?
  /// Who paid for its results, where it is not trained here.
  var cached: Trial.Cached?
  /// That its latency was taken on another device than the run's.
  var otherDevice: Hindrance?

  init(_ trial: Trial, slot: Int, isAgain: Bool, known: [String: Double]) {
    self.trial = trial
    self.slot = slot
    self.isAgain = isAgain
    self.known = known
  }
}
