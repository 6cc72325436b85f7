import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// The work of one attempt, from the worker's start to the word that is left of it.
final class AttemptRun {
  private let attempt: Attempt
  private let ticket: Ticket
  private let wave: WaveFolder
  private let index: Int
  private let node: String
  private let secondsUsed: Double
  private let timeLimits: Int
  private let slurmJob: String?
  private let scheduler: Scheduler
  private let log: (String) -> Void
  private let runner: SubprocessRunner
  private let plan: SlurmPlan
  private var lease: Lease.Watch
  /// What the scheduler said of the time left, and when.
  private var timeLeft: (seconds: Double, at: Double)?

  /// Seconds between two looks at the files by which the search speaks.
  private static let lookSeconds = 2.0
  /// Slurm may warn so many seconds earlier than it was asked to, and its clock ticks in minutes.
  private static let clockSlack = 90.0

  init(
    attempt: Attempt, ticket: Ticket, wave: WaveFolder, index: Int, folder: SlurmFolder,
    node: String, secondsUsed: Double, timeLimits: Int, slurmJob: String?, scheduler: Scheduler,
    worker: () throws -> [String], log: @escaping (String) -> Void
  ) throws {
    self.attempt = attempt
    self.ticket = ticket
    self.wave = wave
    self.index = index
    self.node = node
    self.secondsUsed = secondsUsed
    self.timeLimits = timeLimits
    self.slurmJob = slurmJob
    self.scheduler = scheduler
    self.log = log
    plan = ticket.runner.slurm ?? SlurmPlan()
    var own = ticket.runner
    own.timeoutSeconds = max(1, own.timeoutSeconds - secondsUsed)
    var command = try ticket.runner.command ?? worker()
    if plan.processes > 1 {
      command =
        ["srun", "--ntasks=\(plan.processes)", "--kill-on-bad-exit=1", "--unbuffered"] + command
    }
    runner = try SubprocessRunner(command: command, plan: own)
    lease = Lease.Watch(Lease(path: folder.lease, token: ticket.token), now: 0)
  }

  func run() throws {
    var job = ticket.job
    job.directory = attempt.path
    // The checkpoint comes along; weights stay where they are.
    let goesOn = try attempt.takeOver()
    job.resume = job.resume || goesOn
    job.measurementLock = HostLock.path
    noteTimeLeft()
    do {
      try runner.start(job, isTimed: true)
    } catch {
      guard let hindrance = Hindrance(error) else { throw error }
      return try leave(.hindered(hindrance))
    }
    var asked: Request?
    var nextLook = 0.0
    while true {
      if let report = try runner.next(), let verdict = Self.verdict(report) {
        // A signal may reach the worker before this process, which then hears of the worker's end first.
        if asked == nil, verdict.mayBeInterrupted { usleep(1_000_000) }
        if asked == nil, JobSignals.isAsked { asked = Request(whyAsked(), until: 0) }
        if let asked, verdict.mayBeInterrupted { return try leave(asked) }
        return try leave(verdict)
      }
      if let asked {
        guard runner.now >= asked.until else { continue }
        _ = runner.stop(job.id)
        return try leave(asked)
      }
      let warning = Double(plan.warningSeconds) * Self.shareOfWarning
      if JobSignals.isAsked {
        asked = Request(whyAsked(), until: runner.now + warning)
      } else if runner.now >= nextLook {
        nextLook = runner.now + Self.lookSeconds
        if let reason = whyWithdrawn() {
          log(reason)
          asked = Request(nil, until: runner.now + ticket.runner.graceSeconds)
        } else if isOrphaned() {
          asked = Request(.orphaned, until: runner.now + warning)
        }
      }
      if asked != nil { runner.interrupt(job.id) }
    }
  }

  /// That the worker was asked to stop.
  private struct Request {
    /// What word to leave; nil for none, because nobody would read it.
    let kind: AttemptEnd.Kind?
    /// When it is made to stop.
    let until: Double

    init(_ kind: AttemptEnd.Kind?, until: Double) { (self.kind, self.until) = (kind, until) }
  }

  /// The rest of a warning is for leaving word.
  private static let shareOfWarning = 0.8

  // MARK: - What the search says

  private func whyWithdrawn() -> String? {
    if attempt.next.isBegun { return "a later attempt has begun: this one does not count" }
    var status = stat()
    if stat(wave.ticket(index), &status) != 0, errno == ENOENT {
      return "nobody wants this any more: its ticket is gone"
    }
    return nil
  }

  private func isOrphaned() -> Bool {
    switch lease.look(now: runner.now) {
    case .held: false
    case .stale(let seconds): seconds >= 60 * plan.orphanMinutes
    case .ofAnother: true
    }
  }

  // MARK: - What the scheduler says

  private func description() -> [String: String]? {
    slurmJob.flatMap { try? scheduler.description(ofJob: $0) }
  }

  private func noteTimeLeft() {
    if let left = description().flatMap(TimeLeft.seconds(of:)) { timeLeft = (left, runner.now) }
  }

  /// Whether a signal means the time limit: by the scheduler's word where it can be had, else by what it said before and the clock.
  private func whyAsked() -> AttemptEnd.Kind {
    noteTimeLeft()
    guard let timeLeft else { return .asked }
    let left = timeLeft.seconds - (runner.now - timeLeft.at)
    return left <= Double(plan.warningSeconds) + Self.clockSlack ? .timeLimit : .asked
  }

  // MARK: - The last word

  private static func verdict(_ report: RunnerReport) -> AttemptEnd.Verdict? {
    switch report {
    case .ended(_, let outcome, _): .ended(outcome)
    case .hindered(_, let hindrance): .hindered(hindrance)
    // The worker's process has written them down.
    case .event, .measured: nil
    }
  }

  private func leave(_ verdict: AttemptEnd.Verdict) throws {
    try leave(AttemptEnd(verdict, node: node, seconds: runner.now))
  }

  private func leave(_ request: Request) throws {
    guard let kind = request.kind else { return }
    if kind == .timeLimit, timeLimits >= SlurmJob.mostTimeLimits {
      return try leave(.ended(.timedOut))
    }
    try leave(AttemptEnd(kind, node: node, seconds: runner.now))
    // An orphan waits for nobody, and what is being cancelled must not come back.
    guard kind != .orphaned, whyWithdrawn() == nil, let slurmJob,
      description()?["JobState"] == "RUNNING"
    else { return }
    log(
      "asking Slurm to begin the job again: \(scheduler.requeue(slurmJob) ? "it will" : "it will not")"
    )
  }

  private func leave(_ end: AttemptEnd) throws {
    // What a later attempt has begun is not for this one to judge.
    guard !attempt.next.isBegun else { return }
    try AtomicFile.write(JSON.text(end, pretty: true) + "\n", to: attempt.end)
    log("\(end.kind.rawValue) \(end.outcome?.rawValue ?? "") \(end.reason ?? "")")
  }
}

extension AttemptEnd.Verdict {
  /// Whether a worker that was asked to stop may end so: everything but a result.
  fileprivate var mayBeInterrupted: Bool {
    switch self {
    case .ended(let outcome): outcome.kind == .failed || outcome.kind == .crashed
    case .hindered: true
    }
  }
}
