import DetBasics
import Foundation

/// Starting processes in groups of their own, with nothing inherited but what is named.
enum Spawn {
  /// What a new process gets.
  struct Request {
    let program: String
    let arguments: [String]
    /// The group it joins; 0 makes it the leader of a new one.
    var group: pid_t = 0
    /// Descriptors by the number they get; standard input, output and error are the null device unless named.
    var descriptors: [Int32: Int32] = [:]
  }

  /// Starts a process and gives its number.
  ///
  /// Signals that this process ignores or handles have their default effect in the new one. All descriptors of this program
  /// are closed on exec, so that only the named ones go along.
  static func start(_ request: Request) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for standard in Int32(0)...2 where request.descriptors[standard] == nil {
      let mode = standard == 0 ? O_RDONLY : O_WRONLY
      posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", mode, 0)
    }
    for (target, source) in request.descriptors.sorted(by: { $0.key < $1.key }) {
      posix_spawn_file_actions_adddup2(&actions, source, target)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes)
    posix_spawnattr_setpgroup(&attributes, request.group)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var words: [UnsafeMutablePointer<CChar>?] = ([request.program] + request.arguments).map {
      strdup($0)
    }
    defer { for word in words { free(word) } }
    words.append(nil)
    var variables = environment()
    defer { for variable in variables { free(variable) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, request.program, &actions, &attributes, words, &variables)
    guard code == 0 else {
      // Whatever else the system says, it is about the program's file.
      let fault: SurroundingsFault =
        SurroundingsFault(errorNumber: code) == .exhausted ? .exhausted : .noWorker
      throw ExecutionError.start(
        program: request.program, problem: String(cString: strerror(code)), cure: fault.cure,
        fault: fault)
    }
    return pid
  }

  /// This process's variables. Swift's own crash reporter stays off unless the user asked for it: it can take minutes to
  /// describe a dead worker, and all that while the search would wait.
  private static func environment() -> [UnsafeMutablePointer<CChar>?] {
    let inherited = ProcessInfo.processInfo.environment
    let variables = inherited.merging(["SWIFT_BACKTRACE": "enable=no"]) { own, _ in own }
    let lines = variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    return lines + [nil]
  }

  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var all = sigset_t()
    sigemptyset(&all)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGCHLD] { sigaddset(&all, signal) }
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
  }

  /// A pipe whose ends are closed on exec; the read end does not block when asked so.
  static func pipe(readsWithoutBlocking: Bool = false) throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else {
      throw FileError(path: "a pipe", action: "make it", errorNumber: errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    if readsWithoutBlocking { _ = fcntl(ends[0], F_SETFL, O_NONBLOCK) }
    return (ends[0], ends[1])
  }
}
