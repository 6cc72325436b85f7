import Foundation
import Synchronization

@testable import DetTeam

/// A team of threads in this process, over real sockets.
enum Ranks {
  /// Times short enough for tests.
  static let times: TeamTimes = {
    var times = TeamTimes()
    times.joining = 20
    times.silence = 1.5
    times.beat = 0.2
    times.courtesy = 1
    return times
  }()

  static func places(_ count: Int) throws -> [TeamPlace] {
    try TeamPlace.local(count, run: "test")
  }

  /// Runs `body` as every rank of a team, each on a thread of its own, and gives what each returned or threw.
  static func run<Value: Sendable>(
    _ count: Int, times: TeamTimes = times, _ body: @escaping @Sendable (Ring) throws -> Value
  ) throws -> [Result<Value, any Error>] {
    run(try places(count)) { place in
      let ring = try Ring.join(place, version: "1", times: times)
      defer { ring.leave() }
      return try body(ring)
    }
  }

  /// Runs `body` at every place, each on a thread of its own.
  static func run<Value: Sendable>(
    _ places: [TeamPlace], _ body: @escaping @Sendable (TeamPlace) throws -> Value
  ) -> [Result<Value, any Error>] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let group = DispatchGroup()
    for (number, place) in places.enumerated() {
      group.enter()
      Thread.detachNewThread {
        let result = Result { try body(place) }
        results.withLock { $0[number] = result }
        group.leave()
      }
    }
    group.wait()
    return results.withLock { found in found.sorted { $0.key < $1.key }.map(\.value) }
  }
}

extension Ring {
  /// Ends all connections at once, as the system does for a process that is killed.
  func vanish() {
    watch.leaveSilently()
    for connection in links.control.values { connection.shutDown() }
    links.next.shutDown()
    links.previous.shutDown()
  }
}

extension Result {
  var error: Failure? {
    if case .failure(let error) = self { return error }
    return nil
  }
}
