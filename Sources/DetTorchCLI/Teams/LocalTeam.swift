import DetBasics
import DetCommand
import DetTeam
import Foundation

/// Ranks on this machine, as processes of this program: starts them, hands signals on, and ends all when one fails.
enum LocalTeam {
  /// The variable by which a rank knows that it is one. Its value is the descriptor of a pipe that closes when the starter dies.
  static let variable = "SMNAS_STARTED_RANK"
  /// Seconds that ranks get to end when one has failed, and again when they were asked to.
  private static let grace = 60.0

  /// Runs the same command line as so many ranks, to the end of all.
  static func run(_ count: Int, _ context: Context) throws -> ExitCode {
    Interruption.watch()
    var lifeline: [Int32] = [0, 0]
    guard pipe(&lifeline) == 0 else {
      throw FileError(path: "a pipe", action: "make it", errorNumber: errno)
    }
    _ = fcntl(lifeline[1], F_SETFD, FD_CLOEXEC)
    let run = UUID().uuidString
    var running: Set<pid_t> = []
    var exits: [(rank: Int, status: Int32)] = []
    var ranks: [pid_t: Int] = [:]
    do {
      for place in try TeamPlace.local(count, run: run) {
        let variables = place.environment.merging(
          ["LOCAL_WORLD_SIZE": "\(count)", variable: "\(lifeline[0])"]) { $1 }
        let pid = try start(context, variables)
        ranks[pid] = place.rank
        running.insert(pid)
      }
    } catch {
      for pid in running { kill(pid, SIGKILL) }
      throw error
    }
    close(lifeline[0])
    var asked = false
    var deadline: ContinuousClock.Instant?
    while !running.isEmpty {
      for pid in running {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { continue }
        running.remove(pid)
        exits.append((ranks[pid] ?? 0, status))
        if status != 0, deadline == nil { deadline = .now + .seconds(grace) }
      }
      if Interruption.isRequested, !asked {
        asked = true
        for pid in running { kill(pid, SIGTERM) }
      }
      if let time = deadline, time <= .now {
        for pid in running { kill(pid, asked ? SIGKILL : SIGTERM) }
        asked = true
        deadline = .now + .seconds(grace)
      }
      usleep(20_000)
    }
    close(lifeline[1])
    return exitCode(exits, context)
  }

  /// That of rank 0 where it failed; else of the first that did.
  private static func exitCode(
    _ exits: [(rank: Int, status: Int32)], _ context: Context
  ) -> ExitCode {
    for (rank, status) in exits where status & 0x7F != 0 {
      context.log("\(Program.name): rank \(rank) was ended by signal \(status & 0x7F)")
    }
    let failures = exits.filter { $0.status != 0 }
    guard let failure = failures.first(where: { $0.rank == 0 }) ?? failures.first else {
      return .done
    }
    let wasEnded = failure.status & 0x7F != 0
    return wasEnded ? .failed : ExitCode(rawValue: (failure.status >> 8) & 0xFF) ?? .failed
  }

  /// A rank in a group of its own, so that a terminal's signals reach it once, through this process.
  private static func start(_ context: Context, _ variables: [String: String]) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let all = context.environment.merging(variables) { $1 }
    var words =
      ([context.executable] + CommandLine.arguments.dropFirst()).map { strdup($0) } + [nil]
    var lines =
      all.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + lines { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, context.executable, nil, &attributes, &words, &lines)
    guard code == 0 else {
      throw FileError(path: context.executable, action: "start a rank", errorNumber: code)
    }
    return pid
  }

  /// Stops this process as a user would, when the one that started it has died.
  static func endWithStarter(_ context: Context) {
    guard let lifeline = context.environment[variable].flatMap({ Int32($0) }) else { return }
    // It stays open when this process becomes a new one of itself, which asks again.
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(lifeline, &byte, 1) < 0, errno == EINTR {}
      kill(getpid(), SIGTERM)
    }
  }
}
