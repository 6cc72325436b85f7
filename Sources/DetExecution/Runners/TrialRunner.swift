package import DetSpec

/// What a coordinator hears from its runner.
package enum RunnerReport: Sendable, Hashable {
  /// A worker reported something about its trial.
  case event(trial: Int, TrialEvent)
  /// The work on a trial has ended.
  case ended(trial: Int, WorkerEnd)
}

/// What carries out trials: processes of this machine, or a table of recorded trials on simulated time.
package protocol TrialRunner: AnyObject {
  /// Seconds on the runner's own clock.
  var now: Double { get }
  /// Starts the work on a job.
  func start(_ job: TrialJob) throws
  /// Waits a moment for something to happen; nil when nothing did, so that the caller can look up.
  func next() throws -> RunnerReport?
  /// Ends all work at once; nothing more is reported.
  func stopAll()
}
