import DetBasics
import Foundation

/// A process in a group of its own, a guard in the same group, and the pipe of the lines that it prints.
///
/// The guard is a shell that waits on the lifeline, a pipe whose other end only the coordinator holds. When the coordinator dies,
/// however it dies, the guard ends the whole group: no program goes on behind a dead search, whatever it is. The guard
/// leads the group, so that the group's number stays taken until the guard is waited for.
final class GuardedProcess {
  /// The end of the pipe that is read.
  let output: Int32
  private let log: String
  private let group: pid_t
  private let pid: pid_t
  private let grace: Int
  private var lines = LineReader()
  /// What the system says of its end; nil before.
  private(set) var status: Int32?

  /// Starts a program with its arguments; what it writes for people is added to the file `log`.
  ///
  /// It is ended at once, or asked to end (TERM) `grace` seconds before: `srun`, which is killed, leaves its job on the cluster.
  init(_ command: [String], log: String, grace: Int = 0, lifeline: Int32, wake: Wake) throws {
    self.log = log
    self.grace = grace
    let words = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard words >= 0 else {
      throw FileError(path: log, action: "open the file", errorNumber: errno)
    }
    defer { close(words) }
    let pipe = try Spawn.pipe(readsWithoutBlocking: true)
    defer { close(pipe.write) }
    output = pipe.read
    do {
      group = try Spawn.start(Self.guardRequest(lifeline: lifeline, grace: grace))
    } catch {
      close(pipe.read)
      throw error
    }
    do {
      pid = try Spawn.start(
        .init(
          program: command[0], arguments: Array(command.dropFirst()), group: group,
          descriptors: [1: pipe.write, 2: words]))
    } catch {
      close(pipe.read)
      kill(-group, SIGKILL)
      waitpid(group, nil, 0)
      throw error
    }
    Self.tellOfEnd(of: pid, wake: wake)
  }

  private static func guardRequest(lifeline: Int32, grace: Int) -> Spawn.Request {
    let asking = grace > 0 ? "kill -TERM 0; sleep \(grace); " : ""
    return Spawn.Request(
      program: "/bin/sh",
      arguments: ["-c", "trap '' TERM INT HUP; read -r line <&3; \(asking)kill -KILL 0"],
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

  /// Hands over the complete lines that have arrived, as they come; `isTooLong` gets a line that is longer than any should be.
  ///
  /// A program that prints without end is left after a while, so that others are looked at, too.
  func read(_ take: ([String]) throws -> Void, isTooLong: (String) -> Void) rethrows {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var rest = status == nil ? Self.mostAtOnce : .max
    while rest > 0 {
      let count = Foundation.read(output, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest -= count
      let complete = buffer.withUnsafeBytes { bytes in
        lines.read(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      try take(complete)
      if lines.isTooLong { isTooLong(String(lines.unfinished.prefix(300))) }
    }
  }

  private static let mostAtOnce = 4 << 20

  /// What it has printed behind the last newline.
  var unfinishedLine: String { lines.unfinished }

  /// Resident bytes of the whole group.
  var memoryBytes: Int { GroupMemory.bytes(ofGroup: group) }

  /// Sends a signal to the whole group.
  func signal(_ number: Int32) { kill(-group, number) }

  /// Whether the process has ended; the first call that finds it so ends the rest of its group.
  func hasEnded() -> Bool {
    if status != nil { return true }
    var found: Int32 = 0
    guard waitpid(pid, &found, WNOHANG) == pid else { return false }
    status = found
    endGroup()
    return true
  }

  /// Ends the process and its group now, or when its time of grace is over.
  func abandon() {
    guard status == nil else { return }
    if grace > 0, hasEnded(within: grace) { return }
    kill(-group, SIGKILL)
    var found: Int32 = 0
    waitpid(pid, &found, 0)
    status = found
    endGroup()
  }

  /// Asks the group to end; whether the process did in so many seconds.
  private func hasEnded(within seconds: Int) -> Bool {
    kill(-group, SIGTERM)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while !hasEnded(), clock.now < end { usleep(20_000) }
    return status != nil
  }

  private func endGroup() {
    kill(-group, SIGKILL)
    waitpid(group, nil, 0)
  }

  /// The last line that it wrote for people.
  var lastWords: String {
    guard let handle = FileHandle(forReadingAtPath: log) else { return "" }
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
