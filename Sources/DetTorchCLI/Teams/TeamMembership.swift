import DetBasics
import DetCommand
import DetTeam
import DetTensor
import Foundation

/// The team that a training is a part of: none, one on this machine that this process starts, or one that a launcher started.
enum TeamMembership {
  static let processes = Option<ProcessCount>(
    "--processes", "N",
    "train by N processes of this machine, or with 1 alone whatever torchrun or Slurm say")

  /// Starts the ranks and waits for them, where this process is to do that and is none itself; else nil.
  static func startRanks(_ arguments: Arguments, _ context: Context) throws -> ExitCode? {
    guard let count = arguments[processes]?.value, count > 1,
      context.environment[LocalTeam.variable] == nil
    else { return nil }
    return try LocalTeam.run(count, context)
  }

  /// The place that was given to this process; nil when it is alone.
  static func place(_ arguments: Arguments?, _ context: Context) throws -> TeamPlace? {
    if arguments?[processes]?.value == 1 { return nil }
    return try TeamPlace(environment: context.environment)
  }

  /// Meets the others, does the work with them, and tells them when it fails.
  static func join<Result>(
    _ place: TeamPlace?, _ context: Context, _ work: (any Team) throws -> Result
  ) throws -> Result {
    let team = try meet(place, context)
    do {
      let result = try work(team)
      team.leave(because: nil)
      return result
    } catch {
      MemoryRetry.join(error, context)
      // All were asked to stop.
      team.leave(because: error is Interruption ? nil : "\(error)")
      throw error
    }
  }

  private static func meet(_ place: TeamPlace?, _ context: Context) throws -> any Team {
    guard let place else { return Alone() }
    if place.rank == 0 {
      context.log(
        "waiting for \(place.count) processes at \(place.address) port \(place.port)")
    }
    LocalTeam.endWithStarter(context)
    let team = try RingTeam(place, version: Program.version)
    MemoryRetry.note(team: team)
    return team
  }

  /// Threads of a process that is not told how many: its part of the machine's cores.
  static func threads(_ context: Context) -> Int {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let processes = context.environment["LOCAL_WORLD_SIZE"].flatMap { Int($0) } ?? 1
    return max(1, cores / max(1, processes))
  }

  /// There are no sums between graphics cards.
  static func check(_ device: Device, _ place: TeamPlace?) throws {
    guard place != nil, device != .cpu else { return }
    throw TeamError.refused(
      "several processes train together on processors only, not on \(device); train in one process (--processes 1)"
    )
  }
}
