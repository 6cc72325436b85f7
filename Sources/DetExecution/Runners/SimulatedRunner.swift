import DetSearch
package import DetSpec

/// Carries out trials by looking them up, on a clock that jumps from end to end.
package final class SimulatedRunner: TrialRunner {
  private struct Running {
    let job: TrialJob
    let end: Double
    let outcome: Outcome
    let seconds: Double
  }

  private let table: RecordedTable
  private let timeout: Double
  private var running: [Running] = []
  /// Seconds of simulated time.
  package private(set) var now = 0.0
  /// Designs that were asked for and that the table does not have.
  package private(set) var missing = 0

  /// A runner of a table; a recorded trial that took longer than the timeout counts as timed out.
  package init(table: RecordedTable, timeoutSeconds: Double) {
    self.table = table
    timeout = timeoutSeconds
  }

  /// Looks a job up.
  package func start(_ job: TrialJob) {
    let row = table.row(for: job.design, stage: job.stage)
    if row == nil { missing += 1 }
    let isLate = (row?.seconds ?? 0) > timeout
    let seconds = min(row?.seconds ?? 0, timeout)
    let outcome = isLate ? Outcome.timedOut : row?.outcome
    running.append(
      Running(
        job: job, end: now + seconds,
        outcome: outcome ?? .failed(reason: "the table has no such design"), seconds: seconds))
  }

  /// The trial that ends first, with the clock set to its end.
  package func next() -> RunnerReport? {
    let first = running.indices.min { left, right in
      (running[left].end, running[left].job.id) < (running[right].end, running[right].job.id)
    }
    guard let first else { return nil }
    let trial = running.remove(at: first)
    now = max(now, trial.end)
    let (cause, verdict) = Self.replay(trial.outcome)
    return .ended(
      trial: trial.job.id,
      WorkerEnd(cause: cause, verdict: verdict, seconds: trial.seconds))
  }

  /// Forgets what is under way.
  package func stopAll() { running = [] }

  /// What a worker with that outcome would have done.
  private static func replay(_ outcome: Outcome) -> (WorkerEnd.Cause, TrialEvent?) {
    switch outcome {
    case .finished(let metrics): (.exited(0), .finished(metrics: metrics))
    case .failed(let reason), .pruned(let reason):
      (.exited(1), .failed(reason: reason, kind: .error))
    case .diverged: (.exited(1), .failed(reason: "", kind: .diverged))
    case .outOfMemory: (.memoryLimit, nil)
    case .timedOut: (.deadline, nil)
    case .crashed(let signal): (.signalled(signal), nil)
    }
  }
}
