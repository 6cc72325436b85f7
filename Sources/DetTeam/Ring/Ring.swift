import Foundation

/// Processes in a ring, each of which sends to the next and hears from the one before.
///
/// All ranks call the same operations in the same order. Every operation gives all of them the same bits, and the same
/// bits again when it is repeated: terms are added in an order that is fixed by the number of ranks. When a rank is lost, whoever
/// waits is told who it was, and every later call throws the same error.
///
/// ```swift
/// let ring = try Ring.join(place, version: "1.0")
/// let images = try ring.sum([8])  // [16] on both of two ranks
/// ```
public final class Ring: @unchecked Sendable {
  /// This process's place.
  public let place: TeamPlace
  let links: Rendezvous.Links
  let watch: TeamWatch
  private var operations: UInt64 = 0  // of the one thread at a time that calls operations

  /// Meets the other ranks, which must be of the same version.
  ///
  /// - Throws: ``TeamError``.
  public static func join(
    _ place: TeamPlace, version: String, times: TeamTimes = TeamTimes()
  ) throws -> Ring {
    let links = try Rendezvous(place: place, version: version, times: times).meet()
    return Ring(place, links, times)
  }

  private init(_ place: TeamPlace, _ links: Rendezvous.Links, _ times: TeamTimes) {
    self.place = place
    self.links = links
    watch = TeamWatch(rank: place.rank, peers: links.control, times: times) {
      // Whoever waits for a neighbour wakes, and finds the verdict.
      links.next.shutDown()
      links.previous.shutDown()
    }
  }

  deinit { leave() }

  /// What went wrong; nil while all is well.
  public var failure: TeamError? { watch.verdict }

  /// Leaves the team: the work is done, or cannot be done for this reason, which all others are told.
  public func leave(because reason: String? = nil) { watch.leave(because: reason) }

  /// Leaves the team to begin again in the way that `request` says. All others are asked to do the same: what they call next throws
  /// ``TeamError/beginsAgain(_:request:)``.
  public func leave(beginningAgain request: String) { watch.leave(beginningAgain: request) }

  var rank: Int { place.rank }
  var count: Int { place.count }

  /// The rank so many places before this one.
  func rank(before steps: Int) -> Int { (rank + count - steps) % count }

  // MARK: - Steps

  /// Makes sure that all ranks do the same.
  func begin(_ operation: Operation, bytes: Int) throws {
    operations += 1
    let own = [operations, operation.rawValue, UInt64(bytes)]
    var other = [UInt64](repeating: 0, count: 3)
    try own.withUnsafeBytes { own in
      try other.withUnsafeMutableBytes { try exchange(own, $0) }
    }
    guard own == other else {
      let error = TeamError.outOfStep(
        "call \(own[0]) is operation \(own[1]) on \(own[2]) bytes at rank \(rank), and call \(other[0]) is operation "
          + "\(other[1]) on \(other[2]) bytes at rank \(rank(before: 1))")
      watch.conclude(error)
      throw error
    }
  }

  enum Operation: UInt64 { case sum = 1, gather, broadcast }

  /// Sends to the next rank and receives from the one before, both at once.
  func exchange(
    _ outgoing: UnsafeRawBufferPointer, _ incoming: UnsafeMutableRawBufferPointer
  ) throws {
    if let failure { throw failure }
    var (sent, received) = (0, 0)
    while sent < outgoing.count || received < incoming.count {
      let before = (sent, received)
      if sent < outgoing.count {
        sent += try guarding(rank(before: count - 1)) {
          try links.next.sendSome(.init(rebasing: outgoing[sent...]))
        }
      }
      if received < incoming.count {
        received += try guarding(rank(before: 1)) {
          try links.previous.receiveSome(.init(rebasing: incoming[received...]))
        }
      }
      if (sent, received) == before {
        wait(sends: sent < outgoing.count, receives: received < incoming.count)
      }
    }
  }

  /// Turns a broken connection to a neighbour into what the team knows of it.
  private func guarding(_ neighbour: Int, _ body: () throws -> Int) throws -> Int {
    do {
      return try body()
    } catch {
      throw watch.verdict(onBreakOf: neighbour, how: "\(error)")
    }
  }

  /// Sleeps until a neighbour is ready; the watch shuts the connections down when a rank is lost, which wakes this.
  private func wait(sends: Bool, receives: Bool) {
    var entries: [pollfd] = []
    if sends {
      entries.append(pollfd(fd: links.next.descriptor, events: Int16(POLLOUT), revents: 0))
    }
    if receives {
      entries.append(pollfd(fd: links.previous.descriptor, events: Int16(POLLIN), revents: 0))
    }
    poll(&entries, nfds_t(entries.count), 1000)
  }
}
