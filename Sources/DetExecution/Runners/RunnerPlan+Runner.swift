package import DetSearch

extension RunnerPlan {
  /// Makes what carries the plan's trials out.
  ///
  /// - Parameters:
  ///   - worker: the command that plans without one of their own start for each trial; looked for when needed.
  ///   - stopwatch: the program that is asked for latencies; nil where the workers time their detectors themselves.
  /// - Returns: a runner that has started nothing.
  /// - Throws: when it cannot be set up; a table that cannot be read says its line.
  package func makeRunner(
    worker: @autoclosure () throws -> [String], stopwatch: StopwatchPlan? = nil
  ) throws -> any TrialRunner {
    switch kind {
    case .processes:
      try SubprocessRunner(command: command ?? worker(), plan: self, stopwatch: stopwatch)
    case .table(let path):
      SimulatedRunner(table: try RecordedTable(file: path), timeoutSeconds: timeoutSeconds)
    }
  }
}
