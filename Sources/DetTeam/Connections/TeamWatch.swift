import Foundation

/// Notices that a rank is gone, and tells the others, whatever they compute meanwhile.
///
/// Every rank keeps a connection to rank 0, over which both send a sign of life every few seconds from a thread of its own.
/// A connection that closes, or is silent for too long, is a lost rank; rank 0 tells all who it was. The first thing that went
/// wrong stays the verdict.
final class TeamWatch: @unchecked Sendable {
  private let rank: Int
  private let times: TeamTimes
  private let peers: [Int: Connection]
  private let onVerdict: @Sendable () -> Void

  private let condition = NSCondition()  // guards everything below, and sending
  private var found: TeamError?
  private var heard: [Int: ContinuousClock.Instant]
  private var gone: Set<Int> = []
  private var isOver = false

  /// Watches over connections to rank 0, or of rank 0 to all others. `onVerdict` is called once, when something is wrong.
  init(
    rank: Int, peers: [Int: Connection], times: TeamTimes, onVerdict: @escaping @Sendable () -> Void
  ) {
    self.rank = rank
    self.peers = peers
    self.times = times
    self.onVerdict = onVerdict
    heard = peers.mapValues { _ in .now }
    let thread = Thread { [self] in run() }
    thread.name = "team"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// What went wrong; nil while all is well.
  var verdict: TeamError? { condition.withLock { found } }

  /// What went wrong, when the way to a neighbour has failed: rank 0 may know better why, and is given a moment to say so.
  func verdict(onBreakOf neighbour: Int, how: String) -> TeamError {
    let error = TeamError.lostRank(neighbour, how: how)
    condition.withLock {
      let end = Date(timeIntervalSinceNow: times.courtesy)
      while found == nil, condition.wait(until: end) {}
      if found == nil, rank != 0 { tell(.lost(rank: neighbour, how: how)) }
    }
    return conclude(error)
  }

  /// Says goodbye, with the reason when something went wrong here, and watches no longer.
  func leave(because reason: String?) {
    leave(reason.map { .failed(rank: rank, reason: $0) } ?? .leaving(rank: rank))
  }

  /// Says that this rank begins again, and how, and watches no longer.
  func leave(beginningAgain request: String) {
    leave(.beginningAgain(rank: rank, request: request))
  }

  private func leave(_ farewell: TeamMessage) {
    condition.withLock {
      guard !isOver else { return }
      isOver = true
      if found == nil { tell(farewell) }
    }
  }

  /// Watches no longer, without a word to the others.
  func leaveSilently() { condition.withLock { isOver = true } }

  // MARK: - The thread

  private func run() {
    var buffers: [Int: [UInt8]] = [:]
    var nextBeat = Deadline(seconds: 0)
    while !condition.withLock({ isOver }) {
      if nextBeat.isOver {
        condition.withLock { tell(.alive) }
        nextBeat = Deadline(seconds: times.beat)
      }
      let watched = condition.withLock { peers.keys.filter { !gone.contains($0) }.sorted() }
      var entries = watched.compactMap { peer in
        peers[peer].map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      }
      poll(&entries, nfds_t(entries.count), nextBeat.milliseconds(most: 0.5))
      for (peer, entry) in zip(watched, entries) {
        if entry.revents != 0 { listen(to: peer, &buffers[peer, default: []]) }
        let silence = condition.withLock { heard[peer].map { $0.duration(to: .now) } ?? .zero }
        if silence > .seconds(times.silence) {
          lost(peer, how: "it was silent for \(Int(times.silence)) s")
        }
      }
    }
  }

  private func listen(to peer: Int, _ buffer: inout [UInt8]) {
    do {
      var some = [UInt8](repeating: 0, count: 4096)
      let count = try some.withUnsafeMutableBytes { try peers[peer]?.receiveSome($0) ?? 0 }
      buffer += some[..<count]
      while let message = try TeamMessage.take(from: &buffer) { take(message, from: peer) }
    } catch {
      lost(peer, how: "\(error)")
    }
  }

  private func take(_ message: TeamMessage, from peer: Int) {
    condition.withLock { heard[peer] = .now }
    switch message {
    case .alive: break
    case .lost(let rank, let how): conclude(.lostRank(rank, how: how))
    case .failed(let rank, let reason): conclude(.failedRank(rank, reason: reason))
    case .beginningAgain(let rank, let request):
      conclude(.beginsAgain(rank, request: request))
    case .leaving(let rank): condition.withLock { _ = gone.insert(rank) }
    case .hello, .table, .refusal, .link:
      conclude(.outOfStep("rank \(peer) introduces itself in the middle of the work"))
    }
  }

  private func lost(_ peer: Int, how: String) {
    condition.withLock { _ = gone.insert(peer) }
    conclude(.lostRank(peer, how: how))
  }

  /// Makes the first error the verdict, tells the others if this is rank 0, and gives the verdict.
  @discardableResult
  func conclude(_ error: TeamError) -> TeamError {
    let (verdict, isFirst) = condition.withLock {
      if let found { return (found, false) }
      found = error
      if rank == 0, !isOver { announce(error) }
      condition.broadcast()
      return (error, true)
    }
    if isFirst { onVerdict() }
    return verdict
  }

  private func announce(_ error: TeamError) {
    switch error {
    case .lostRank(let rank, let how): tell(.lost(rank: rank, how: how))
    case .failedRank(let rank, let reason): tell(.failed(rank: rank, reason: reason))
    case .beginsAgain(let rank, let request):
      tell(.beginningAgain(rank: rank, request: request))
    default: tell(.failed(rank: rank, reason: error.description))
    }
  }

  /// Sends to every peer; one that cannot be reached shows as silence.
  private func tell(_ message: TeamMessage) {
    for (peer, connection) in peers where !gone.contains(peer) {
      try? connection.send(message, Deadline(seconds: 1))
    }
  }
}
