import DetBasics
import DetSpec
import Foundation

/// One worker: a process that carries a job out, its events, and the time and memory it may take.
final class WorkerProcess {
  enum Stop { case none, deadline, memoryLimit, garbage(String), result }

  let job: TrialJob
  let started: Double
  /// Seconds for which it was kept from computing by measurements of other trials; they do not count as its own.
  var held = 0.0
  private let process: GuardedProcess
  private let events: JSONLinesWriter
  private(set) var verdict: TrialEvent?
  private(set) var stop = Stop.none
  /// When the group is killed; nil while nobody asked it to stop.
  private var killTime: Double?

  init(
    job: TrialJob, command: [String], lifeline: Int32, wake: Wake, now: Double
  ) throws {
    self.job = job
    started = now
    let folder = job.folder
    try Files.makeFolder(folder.path)
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: folder.job)
    events = try JSONLinesWriter(appendingTo: folder.events)
    process = try GuardedProcess(
      command + [folder.job], log: folder.log, lifeline: lifeline, wake: wake)
  }

  /// The pipe of its events.
  var output: Int32 { process.output }

  // MARK: - Events

  /// Reads what has arrived and gives the events in it.
  func read() throws -> [TrialEvent] {
    var found: [TrialEvent] = []
    try process.read { lines in
      for line in lines { if let event = try take(line) { found.append(event) } }
    } isTooLong: {
      note(.garbage($0))
    }
    return found
  }

  /// A last line without its newline counts when it is an event.
  func readUnfinished() throws -> TrialEvent? {
    let rest = process.unfinishedLine
    guard !rest.isEmpty else { return nil }
    guard (try? JSON.decode(TrialEvent.self, from: rest, source: "event")) != nil else {
      // Torn by whatever ended the worker: that is the reason, not this.
      return nil
    }
    return try take(rest)
  }

  private func take(_ line: String) throws -> TrialEvent? {
    guard line.contains(where: { !$0.isWhitespace }) else { return nil }
    guard let event = try? JSON.decode(TrialEvent.self, from: line, source: "event") else {
      note(.garbage(line))
      return nil
    }
    guard verdict == nil else { return nil }
    // Where the plan's own program is asked for the latency, another device's is not taken beside it.
    if case .latency = event, !job.measuresLatency { return nil }
    try events.append(event)
    switch event {
    case .finished, .failed: verdict = event
    case .started, .epoch, .step, .notice, .latency: break
    }
    return event
  }

  private func note(_ reason: Stop) {
    if case .none = stop { stop = reason }
  }

  // MARK: - Time and memory

  /// When the worker must be looked at next.
  func nextTime(timeout: Double) -> Double { killTime ?? started + held + timeout }

  /// Asks a worker that is late, too large, or done but still there to stop, and stops it when it does not.
  func supervise(now: Double, timeout: Double, grace: Double, memoryLimit: Int?) {
    if let killTime {
      guard now >= killTime else { return }
      process.signal(SIGKILL)
      self.killTime = now + 1
      return
    }
    if verdict == nil, now >= started + held + timeout { note(.deadline) }
    if verdict == nil, let memoryLimit, process.memoryBytes > memoryLimit {
      note(.memoryLimit)
    }
    switch stop {
    case .none:
      // A worker has said all; it gets the grace period to tidy up.
      if verdict != nil { (stop, killTime) = (.result, now + max(grace, 1)) }
    case .deadline, .result:
      process.signal(SIGTERM)
      killTime = now + grace
    case .memoryLimit, .garbage:
      process.signal(SIGKILL)
      killTime = now + 1
    }
  }

  /// Whether the process has ended; the first call that finds it so ends the rest of its group.
  func hasEnded() -> Bool { process.hasEnded() }

  /// Asks the worker to stop.
  func interrupt() { process.signal(SIGTERM) }

  /// Ends the worker and its group now.
  func abandon() { process.abandon() }

  /// How it ended; `killerCount` tells whether the system's out-of-memory killer was at work meanwhile.
  func end(memoryKillerWasActive: Bool) -> WorkerEnd {
    WorkerEnd(
      cause: cause(memoryKillerWasActive), verdict: verdict, lastWords: process.lastWords)
  }

  private func cause(_ memoryKillerWasActive: Bool) -> WorkerEnd.Cause {
    switch stop {
    case .deadline: return .deadline
    case .memoryLimit: return .memoryLimit
    case .garbage(let line): return .garbage(line)
    case .none, .result: break
    }
    let status = process.status ?? 0
    let signal = Int(status & 0x7F)
    if signal == 0 { return .exited(Int((status >> 8) & 0xFF)) }
    return signal == SIGKILL && memoryKillerWasActive ? .memoryKiller : .signalled(signal)
  }
}
