package import DetSearch
package import DetSpec

/// What a coordinator hears from its runner.
package enum RunnerReport: Sendable, Hashable {
  /// A worker reported something about its trial.
  case event(trial: Int, TrialEvent)
  /// The work on a trial has ended; results are as the worker gave them, not yet checked.
  case ended(trial: Int, Outcome, seconds: Double)
  /// The work on a trial has ended without a word about its design.
  case hindered(trial: Int, Hindrance)
}

/// What carries out trials; `RunnerPlan.makeRunner` makes the one that a plan describes.
package protocol TrialRunner: AnyObject {
  /// Seconds since the runner was made, on its own clock; simulated ones where nothing is carried out.
  var now: Double { get }
  /// Starts the work on a job.
  func start(_ job: TrialJob) throws
  /// Waits a moment for something to happen; nil when nothing did, so that the caller can check whether to stop.
  func next() throws -> RunnerReport?
  /// Ends all work at once; nothing more is reported.
  func stopAll()
}
