import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// Carries out trials as processes of this machine: `smnas trial job.json`, or a plan's own command.
package final class SubprocessRunner: TrialRunner {
  private let command: [String]
  private let plan: RunnerPlan
  private let watch: ProcessWatch
  private let stopwatch: Stopwatch?
  private var workers: [WorkerProcess] = []
  private var reports: [RunnerReport] = []
  /// Trials under way whose latency is known.
  private var timed: Set<Int> = []
  private var killerCount = GroupMemory.killerCount()
  private let clock = ContinuousClock()
  private let beginning: ContinuousClock.Instant

  /// A runner of a command; the job file's path is added as the last argument.
  ///
  /// With a `stopwatch` designs can be timed before they are trained. Where its program is the plan's, it is asked for the latency of
  /// every other trial that its worker has finished.
  package init(command: [String], plan: RunnerPlan, stopwatch: StopwatchPlan? = nil) throws {
    precondition(!command.isEmpty, "a command has at least a program")
    self.command = command
    self.plan = plan
    let watch = try ProcessWatch()
    self.watch = watch
    self.stopwatch = stopwatch.map {
      Stopwatch($0, lifeline: watch.lifeline, wake: watch.wake)
    }
    beginning = clock.now
  }

  deinit { stopAll() }

  /// Seconds since the runner was made.
  package var now: Double { (clock.now - beginning).inSeconds }

  /// Whether there is a program to ask.
  package var canMeasure: Bool { stopwatch != nil }

  /// Takes a design into the queue of those that are to be timed.
  package func measure(_ job: TrialJob) throws { stopwatch?.add(job, now: now) }

  /// Starts a worker.
  package func start(_ job: TrialJob, isTimed: Bool) throws {
    if isTimed {
      timed.insert(job.id)
    } else if let stopwatch, let trained = UnmeasuredTrial(of: job) {
      return stopwatch.add(trained, started: now)
    }
    UnmeasuredTrial.forget(in: job.folder)
    // A trial that is done again has no outcome: weights without a last word are what its worker left half done, and would
    // be taken for those of a finished training. Another program's files are its own business.
    if job.resume, plan.command == nil { unlink(job.folder.weights) }
    workers.append(
      try WorkerProcess(
        job: job, command: command, lifeline: watch.lifeline, wake: watch.wake, now: now))
  }

  /// Waits a moment for an event or the end of a worker.
  package func next() throws -> RunnerReport? {
    if reports.isEmpty {
      wait()
      try look()
    }
    return reports.isEmpty ? nil : reports.removeFirst()
  }

  /// Asks a trial's worker to stop in its own time, with a checkpoint where it keeps one; its end is reported.
  package func interrupt(_ trial: Int) {
    workers.first { $0.job.id == trial }?.interrupt()
  }

  /// Ends a trial's worker now. What it has reported and nobody heard is forgotten, also that it has ended.
  package func stop(_ trial: Int) -> Double {
    timed.remove(trial)
    var seconds = 0.0
    if let worker = workers.first(where: { $0.job.id == trial }) {
      seconds = now - worker.started
      worker.abandon()
      workers.removeAll { $0 === worker }
    }
    for case .ended(trial, _, let taken) in reports { seconds = taken }
    reports.removeAll { $0.trial == trial }
    return seconds
  }

  /// Ends all workers now.
  package func stopAll() {
    for worker in workers { worker.abandon() }
    workers = []
    stopwatch?.stop()
    reports = []
    timed = []
  }

  private func wait() {
    let now = now
    let due =
      workers.map { $0.nextTime(timeout: timeout) } + [stopwatch?.nextTime(now: now) ?? .infinity]
    let seconds = max(0, min(ProcessWatch.tick, (due.min() ?? now) - now))
    watch.wait(
      for: workers.map(\.output) + [stopwatch?.output].compactMap { $0 }, seconds: seconds)
  }

  /// Workers have no deadline while a measurement keeps them from computing.
  private var timeout: Double {
    stopwatch?.holdsSince == nil ? plan.timeoutSeconds : .infinity
  }

  private func look() throws {
    try lookAtWorkers()
    guard let stopwatch else { return }
    let since = stopwatch.holdsSince
    let now = now
    reports += try stopwatch.look(now: now)
    guard let since, stopwatch.holdsSince == nil else { return }
    for worker in workers { worker.held += now - max(since, worker.started) }
  }

  private func lookAtWorkers() throws {
    let limit = plan.memoryLimitMebibytes.map { $0 << 20 }
    for worker in workers {
      let ended = worker.hasEnded()
      reports += try worker.read().map { .event(trial: worker.job.id, $0) }
      guard ended else {
        worker.supervise(
          now: now, timeout: timeout, grace: plan.graceSeconds, memoryLimit: limit)
        continue
      }
      if let last = try worker.readUnfinished() {
        reports.append(.event(trial: worker.job.id, last))
      }
      let kills = GroupMemory.killerCount()
      let end = worker.end(memoryKillerWasActive: kills > killerCount)
      killerCount = kills
      workers.removeAll { $0 === worker }
      try conclude(worker, end)
    }
  }

  /// Reports how a worker ended, or asks for the latency of what it has trained.
  private func conclude(_ worker: WorkerProcess, _ end: WorkerEnd) throws {
    let id = worker.job.id
    let isTimed = timed.remove(id) != nil
    if let hindrance = end.hindrance {
      reports.append(.hindered(trial: id, hindrance))
    } else if let stopwatch, stopwatch.timesTrained, !isTimed,
      case .finished(let metrics) = end.outcome
    {
      let trained = UnmeasuredTrial(job: worker.job, metrics: metrics)
      try trained.keep()
      stopwatch.add(trained, started: worker.started)
    } else {
      reports.append(.ended(trial: id, end.outcome, seconds: now - worker.started))
    }
  }
}
