package import DetSearch

extension RunnerPlan {
  /// Makes what carries the plan's trials out.
  ///
  /// - Parameters:
  ///   - worker: the command that plans without one of their own start for each trial; looked for when needed.
  ///   - stopwatch: the program that is asked for latencies; nil where the workers time their detectors themselves.
  /// - Returns: a runner that has started nothing.
  /// - Throws: when it cannot be set up.
  package func makeRunner(
    worker: @autoclosure () throws -> [String], stopwatch: StopwatchPlan? = nil
  ) throws -> any TrialRunner {
    try SubprocessRunner(command: command ?? worker(), plan: self, stopwatch: stopwatch)
  }
}
