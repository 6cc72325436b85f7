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
  /// A design was timed, for so many seconds; nil when it could not be, and must be trained to see why.
  case measured(trial: Int, LatencyReading?, seconds: Double)

  /// The trial that it is about.
  package var trial: Int {
    switch self {
    case .event(let trial, _), .ended(let trial, _, _), .hindered(let trial, _),
      .measured(let trial, _, _):
      trial
    }
  }
}

/// What carries out trials; `RunnerPlan.makeRunner` makes the one that a plan describes.
package protocol TrialRunner: AnyObject {
  /// Seconds since the runner was made, on its own clock; simulated ones where nothing is carried out.
  var now: Double { get }
  /// Whether it can time designs that are not trained yet.
  var canMeasure: Bool { get }
  /// Times the design of a job with random weights; the job itself is started later, or never. One design is timed at a time, and
  /// nothing else of the run computes meanwhile.
  func measure(_ job: TrialJob) throws
  /// Starts the work on a job; `isTimed` tells that its latency is known.
  func start(_ job: TrialJob, isTimed: Bool) throws
  /// Ends the work on one trial that was started, at once; nothing more is reported of it. Gives the seconds that it took.
  func stop(_ trial: Int) -> Double
  /// Waits a moment for something to happen; nil when nothing did, so that the caller can check whether to stop.
  func next() throws -> RunnerReport?
  /// Tells that the outcome of a trial is kept: whatever the runner has kept of its work is not needed any more.
  func settled(_ trial: Int)
  /// Ends all work at once; nothing more is reported.
  func stopAll()
}

extension TrialRunner {
  /// A runner whose work dies with the search keeps nothing of it.
  package func settled(_ trial: Int) {}
}
