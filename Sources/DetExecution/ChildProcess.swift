import DetBasics
import Foundation
import Synchronization

/// A program run to its end: its standard output by lines, its standard error into a file, within limits.
///
/// The program gets a process group of its own, so that whatever it starts goes with it, and a lifeline
/// (see ``Lifeline``), so that it does not outlive this process.
public struct ChildProcess: Sendable {
  /// The program and its arguments; a program without a slash is looked for on the path.
  public let command: [String]
  /// Variables beside those of this process.
  public var environment: [String: String] = [:]
  /// The file that standard error is appended to.
  public let errorPath: String
  /// Seconds until it is told to end.
  public let timeout: Double
  /// Seconds from being told to end until it is killed.
  public var grace = 5.0
  /// Bytes of memory, over its process group, that it must stay below; nil for no limit.
  public var memoryLimit: Int?

  /// A program with its limits.
  public init(command: [String], errorPath: String, timeout: Double) {
    self.command = command
    self.errorPath = errorPath
    self.timeout = timeout
  }

  /// How a program ended.
  public enum Exit: Equatable, Sendable {
    /// By itself, with a code.
    case exited(code: Int)
    /// By a signal that this process did not send.
    case signalled(Int)
    /// It was ended for taking longer than ``ChildProcess/timeout``.
    case timedOut
    /// It was ended for taking more than ``ChildProcess/memoryLimit``.
    case memoryExceeded
    /// It was ended because the caller asked for it.
    case cancelled
  }

  /// Runs the program. `onLine` gets every complete line of its output, and the last one even when
  /// it is torn; `isCancelled` is asked several times a second. Blocks: call it on a thread that may wait.
  public func run(
    isCancelled: () -> Bool = { false }, onLine: (String) -> Void
  ) throws -> Exit {
    var spawned = try Self.spawning.withLock { _ in try spawn() }
    defer { spawned.close() }
    var lines = LineBuffer()
    let clock = ContinuousClock()
    let start = clock.now
    var verdict: Exit?
    var killTime: ContinuousClock.Instant?
    while true {
      let isOpen = spawned.read(waiting: 100) { lines.append($0, onLine) }
      if let status = spawned.status(waiting: !isOpen) {
        // What the program started may still hold the pipe; it must neither live on nor be waited for.
        kill(-spawned.pid, SIGKILL)
        spawned.drain { lines.append($0, onLine) }
        lines.finish(onLine)
        return verdict ?? status
      }
      if verdict == nil {
        verdict = limit(spawned.pid, elapsed: clock.now - start, isCancelled())
        if verdict != nil {
          kill(-spawned.pid, SIGTERM)
          killTime = clock.now + .seconds(grace)
        }
      } else if let time = killTime, clock.now >= time {
        kill(-spawned.pid, SIGKILL)
        killTime = nil
      }
    }
  }

  private func limit(_ pid: pid_t, elapsed: Duration, _ isCancelled: Bool) -> Exit? {
    if isCancelled { return .cancelled }
    if elapsed >= .seconds(timeout) { return .timedOut }
    if let memoryLimit, Self.residentBytes(of: pid) > memoryLimit { return .memoryExceeded }
    return nil
  }

  /// The memory a process holds now, in bytes; 0 when it is gone.
  static func residentBytes(of pid: pid_t) -> Int {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/statm") else { return 0 }
    let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  // MARK: - Starting

  /// One start at a time: between making a pipe and marking it as not to be inherited, another start would
  /// hand it to a child that keeps it open.
  private static let spawning = Mutex(())

  private func spawn() throws -> Spawned {
    guard let program = command.first else {
      throw ExecutionError.start(command: "nothing", problem: "the command is empty")
    }
    let output = try Self.pipe(program)
    let lifeline = try Self.pipe(program)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, lifeline.read, Self.lifelineDescriptor)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var pid: pid_t = 0
    let status = withCStrings(command) { arguments in
      withCStrings(variables()) {
        posix_spawnp(&pid, program, &actions, &attributes, arguments, $0)
      }
    }
    close(output.write)
    close(lifeline.read)
    guard status == 0 else {
      close(output.read)
      close(lifeline.write)
      throw ExecutionError.start(command: program, problem: String(cString: strerror(status)))
    }
    return Spawned(pid: pid, output: output.read, lifeline: lifeline.write)
  }

  private static let lifelineDescriptor: Int32 = 3

  private func variables() -> [String] {
    var all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    all[Lifeline.variable] = "\(Self.lifelineDescriptor)"
    return all.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// A pipe whose ends no other child inherits.
  private static func pipe(_ program: String) throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else {
      throw ExecutionError.start(command: program, problem: String(cString: strerror(errno)))
    }
    // Above the numbers that the child's ends get, so that setting those up overwrites none of them.
    let moved = ends.map { end in
      let copy = fcntl(end, F_DUPFD_CLOEXEC, 10)
      close(end)
      return copy
    }
    return (moved[0], moved[1])
  }

  private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
