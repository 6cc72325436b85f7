import DetTeam
public import DetTensor
import Foundation
import Synchronization

/// A team of threads in this process, over real sockets.
public enum TeamThreads {
  /// Runs `body` as every rank, each on a thread of its own, and gives what each returned.
  public static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any Team) throws -> Value
  ) throws -> [Value] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let group = DispatchGroup()
    for place in try TeamPlace.local(count) {
      group.enter()
      Thread.detachNewThread {
        let result = Result {
          let team = try RingTeam(place, version: "test")
          defer { team.leave(because: nil) }
          return try body(team)
        }
        results.withLock { $0[place.rank] = result }
        group.leave()
      }
    }
    group.wait()
    return try results.withLock { found in
      try found.sorted { $0.key < $1.key }.map { try $0.value.get() }
    }
  }
}
