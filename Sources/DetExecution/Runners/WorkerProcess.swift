import DetBasics
import DetSpec
import Foundation

/// One worker: a process in a group of its own, a guard in the same group, the pipe of its events.
///
/// The guard is a shell that waits on the lifeline, a pipe whose other end only the coordinator holds. When the coordinator dies,
/// however it dies, the guard ends the whole group: no worker goes on behind a dead search, whatever program it is. The guard
/// leads the group, so that the group's number stays taken until the guard is waited for.
final class WorkerProcess {
  enum Stop { case none, deadline, memoryLimit, garbage(String), result }

  let job: TrialJob
  let started: Double
  let folder: TrialFolder
  let output: Int32
  private let group: pid_t
  private let pid: pid_t
  private let events: JSONLinesWriter
  private var lines = LineReader()
  private(set) var verdict: TrialEvent?
  private(set) var stop = Stop.none
  private var status: Int32?
  /// When the group is killed; nil while nobody asked it to stop.
  private var killTime: Double?

  init(
    job: TrialJob, command: [String], lifeline: Int32, wake: Wake, now: Double
  ) throws {
    self.job = job
    started = now
    folder = job.folder
    try Files.makeFolder(folder.path)
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: folder.job)
    events = try JSONLinesWriter(appendingTo: folder.events)
    let log = open(folder.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard log >= 0 else {
      throw FileError(path: folder.log, action: "open the file", errorNumber: errno)
    }
    defer { close(log) }
    let pipe = try Spawn.pipe(readsWithoutBlocking: true)
    defer { close(pipe.write) }
    output = pipe.read
    do {
      group = try Spawn.start(Self.guardRequest(lifeline: lifeline))
    } catch {
      close(pipe.read)
      throw error
    }
    do {
      pid = try Spawn.start(
        .init(
          program: command[0], arguments: command.dropFirst() + [folder.job], group: group,
          descriptors: [1: pipe.write, 2: log]))
    } catch {
      close(pipe.read)
      kill(-group, SIGKILL)
      waitpid(group, nil, 0)
      throw error
    }
    Self.tellOfEnd(of: pid, wake: wake)
  }

  private static func guardRequest(lifeline: Int32) -> Spawn.Request {
    Spawn.Request(
      program: "/bin/sh",
      arguments: ["-c", "trap '' TERM INT HUP; read -r line <&3; kill -KILL 0"],
      descriptors: [3: lifeline])
  }

  /// A thread that wakes the coordinator when the process has ended; it leaves the process to be waited for.
  private static func tellOfEnd(of pid: pid_t, wake: Wake) {
    let thread = Thread {
      var information = siginfo_t()
      while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
      wake.ring()
    }
    thread.stackSize = 256 << 10
    thread.start()
  }

  // MARK: - Events

  /// Reads what has arrived and gives the events in it.
  func read() throws -> [TrialEvent] {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var found: [TrialEvent] = []
    while true {
      let count = Foundation.read(output, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      let complete = buffer.withUnsafeBytes { bytes in
        lines.read(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      for line in complete { if let event = try take(line) { found.append(event) } }
      if lines.isTooLong { note(.garbage(String(lines.unfinished.prefix(300)))) }
    }
    return found
  }

  /// A last line without its newline counts when it is an event.
  func readUnfinished() throws -> TrialEvent? {
    let rest = lines.unfinished
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
  func nextTime(timeout: Double) -> Double { killTime ?? started + timeout }

  /// Asks a worker that is late, too large, or done but still there to stop, and stops it when it does not.
  func supervise(now: Double, timeout: Double, grace: Double, memoryLimit: Int?) {
    if let killTime {
      guard now >= killTime else { return }
      kill(-group, SIGKILL)
      self.killTime = now + 1
      return
    }
    if verdict == nil, now >= started + timeout { note(.deadline) }
    if verdict == nil, let memoryLimit, GroupMemory.bytes(ofGroup: group) > memoryLimit {
      note(.memoryLimit)
    }
    switch stop {
    case .none:
      // A worker has said all; it gets the grace period to tidy up.
      if verdict != nil { (stop, killTime) = (.result, now + max(grace, 1)) }
    case .deadline, .result:
      kill(-group, SIGTERM)
      killTime = now + grace
    case .memoryLimit, .garbage:
      kill(-group, SIGKILL)
      killTime = now + 1
    }
  }

  /// Whether the process has ended; the first call that finds it so ends the rest of its group.
  func hasEnded() -> Bool {
    if status != nil { return true }
    var found: Int32 = 0
    guard waitpid(pid, &found, WNOHANG) == pid else { return false }
    status = found
    endGroup()
    return true
  }

  /// Ends the worker and its group now.
  func abandon() {
    guard status == nil else { return }
    kill(-group, SIGKILL)
    var found: Int32 = 0
    waitpid(pid, &found, 0)
    status = found
    endGroup()
  }

  private func endGroup() {
    kill(-group, SIGKILL)
    waitpid(group, nil, 0)
  }

  /// How it ended; `killerCount` tells whether the system's out-of-memory killer was at work meanwhile.
  func end(memoryKillerWasActive: Bool) -> WorkerEnd {
    WorkerEnd(cause: cause(memoryKillerWasActive), verdict: verdict, lastWords: lastWords)
  }

  private func cause(_ memoryKillerWasActive: Bool) -> WorkerEnd.Cause {
    switch stop {
    case .deadline: return .deadline
    case .memoryLimit: return .memoryLimit
    case .garbage(let line): return .garbage(line)
    case .none, .result: break
    }
    let status = status ?? 0
    let signal = Int(status & 0x7F)
    if signal == 0 { return .exited(Int((status >> 8) & 0xFF)) }
    return signal == SIGKILL && memoryKillerWasActive ? .memoryKiller : .signalled(signal)
  }

  private var lastWords: String {
    guard let handle = FileHandle(forReadingAtPath: folder.log) else { return "" }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 4096 ? size - 4096 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    let last = text.split(separator: "\n").last { $0.contains { !$0.isWhitespace } }
    return last.map(String.init) ?? ""
  }

  deinit {
    abandon()
    close(output)
  }
}
