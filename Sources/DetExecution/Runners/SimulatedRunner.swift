package import DetSearch
package import DetSpec

/// Carries out trials by looking up what they come to, on a clock that jumps from end to end.
package final class SimulatedRunner: TrialRunner {
  /// The outcome of a design that was asked for and that the table does not have.
  package static let missing = Outcome.failed(reason: "the table has no such design")

  private struct Running {
    let trial: Int
    let start: Double
    let outcome: Outcome
    let seconds: Double
    /// Seconds of the whole training, of which it may have less.
    let whole: Double
    /// What is still to be reported of its epochs, each at an equal share of its time.
    var epochs: ArraySlice<RecordedTable.Epoch>
    /// Epochs of the whole training.
    let count: Int

    /// When it reports next: an epoch, or its end.
    var next: Double {
      start + (epochs.first.map { whole * Double($0.epoch) / Double(max(1, count)) } ?? seconds)
    }
  }

  private let results: any SimulatedResults
  private let timeout: Double
  private let faults: SimulatedFaults?
  private var running: [Running] = []
  private var measured: [RunnerReport] = []
  /// How often each design was trained.
  private var started: [DetectorDesign: Int] = [:]
  /// Seconds of simulated time.
  package private(set) var now = 0.0

  /// A runner of results; a trial that takes longer than the timeout counts as timed out. Some crash where there are `faults`.
  package init(
    _ results: any SimulatedResults, timeoutSeconds: Double, faults: SimulatedFaults? = nil
  ) {
    self.results = results
    self.faults = faults
    timeout = timeoutSeconds
  }

  /// It can: what the table says of a latency is known at once.
  package let canMeasure = true

  /// Looks the latency of a job's design up, which takes no time.
  package func measure(_ job: TrialJob) {
    let row = results.row(for: job.design, stage: job.stage, again: 0)
    measured.append(
      .measured(trial: job.id, row?.outcome.metrics.latencyReading, seconds: 0))
  }

  /// Looks a job up.
  package func start(_ job: TrialJob, isTimed: Bool) {
    let again = started[job.design, default: 0]
    started[job.design] = again + 1
    let row =
      results.row(for: job.design, stage: job.stage, again: again)
      ?? .init(outcome: Self.missing, seconds: 0)
    let crash = faults?.crash(ofTrial: job.id).map { $0 * row.seconds }
    let end = min(row.seconds, timeout, crash ?? .infinity)
    let outcome: Outcome =
      if let crash, crash == end { .crashed(signal: 9) } else if row.seconds > timeout {
        .timedOut
      } else {
        row.outcome
      }
    let count = row.epochs.last?.epoch ?? 0
    let epochs = row.epochs.filter { row.seconds * Double($0.epoch) / Double(max(1, count)) <= end }
    running.append(
      Running(
        trial: job.id, start: now, outcome: outcome, seconds: end, whole: row.seconds,
        epochs: epochs[...], count: count))
  }

  /// Forgets a trial.
  package func stop(_ trial: Int) -> Double {
    guard let place = running.firstIndex(where: { $0.trial == trial }) else { return 0 }
    return now - running.remove(at: place).start
  }

  /// The first design that was timed; without one the trial that reports an epoch or its end first, with the clock set to that.
  package func next() -> RunnerReport? {
    if !measured.isEmpty { return measured.removeFirst() }
    let first = running.indices.min { left, right in
      (running[left].next, running[left].trial) < (running[right].next, running[right].trial)
    }
    guard let first else { return nil }
    now = max(now, running[first].next)
    if let epoch = running[first].epochs.popFirst() {
      return .event(trial: running[first].trial, .epoch(epoch.epoch, metrics: epoch.metrics))
    }
    let ended = running.remove(at: first)
    return .ended(trial: ended.trial, ended.outcome, seconds: ended.seconds)
  }

  /// Forgets what is under way.
  package func stopAll() { (running, measured) = ([], []) }
}
