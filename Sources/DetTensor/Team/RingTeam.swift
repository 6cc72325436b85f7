public import DetTeam
import Foundation

/// A team on processors, over a `Ring` of sockets (DetTeam).
///
/// Sums run on a thread of their own in the order in which they were begun; every other operation first waits for those.
public final class RingTeam: Team, Sendable {
  private let ring: Ring
  private let sums: SumThread

  /// Meets the other ranks, which must be of the same version.
  ///
  /// - Throws: `TeamError`.
  public init(_ place: TeamPlace, version: String, times: TeamTimes = TeamTimes()) throws {
    ring = try Ring.join(place, version: version, times: times)
    sums = SumThread(ring)
  }

  deinit { sums.end() }

  /// This process's number.
  public var rank: Int { ring.place.rank }
  /// The number of processes.
  public var count: Int { ring.place.count }

  /// Begins a sum; the tensor lies on the CPU.
  public func startSum(_ tensor: Tensor) -> any PendingSum {
    precondition(
      tensor.dtype == .float32 && tensor.device == .cpu, "a ring sums float32 on the CPU")
    let number = tensor.withMutableBytes { sums.add($0.bindMemory(to: Float.self)) }
    return Pending(tensor: tensor, number: number, sums: sums)
  }

  /// The sums of a few numbers, added in the order of the ranks.
  public func sum(_ numbers: [Double]) throws -> [Double] {
    try sums.finish()
    return try ring.sum(numbers)
  }

  /// Replaces the elements of a tensor of any kind by those of rank 0.
  public func broadcast(_ tensor: Tensor) throws {
    try sums.finish()
    // A copy in row-major order: ranks may have laid the same tensor out in other ways.
    let bytes = tensor.detached().moved(to: .cpu).contiguous().cloned()
    try bytes.withMutableBytes { try ring.broadcast($0) }
    withoutGradient { tensor.copy_(bytes) }
  }

  /// The bytes of every rank.
  public func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    try sums.finish()
    return try ring.gather(bytes)
  }

  /// Leaves the team.
  public func leave(because reason: String?) {
    ring.leave(because: reason)
  }

  /// Leaves the team to begin again; see `Ring.leave(beginningAgain:)`.
  public func leave(beginningAgain request: String) { ring.leave(beginningAgain: request) }

  private struct Pending: PendingSum {
    let tensor: Tensor  // keeps the memory
    let number: Int
    let sums: SumThread

    func wait() throws { try sums.finish(number) }
  }
}

/// The thread on which sums run while others compute.
private final class SumThread: @unchecked Sendable {
  private let ring: Ring
  private let condition = NSCondition()  // guards everything below
  private var waiting: [UnsafeMutableBufferPointer<Float>] = []
  private var begun = 0
  private var done = 0
  private var failure: (any Error)?
  private var isOver = false

  init(_ ring: Ring) {
    self.ring = ring
    let thread = Thread { [self] in run() }
    thread.name = "team sums"
    thread.start()
  }

  /// The number of the sum that begins.
  func add(_ values: UnsafeMutableBufferPointer<Float>) -> Int {
    condition.withLock {
      waiting.append(values)
      begun += 1
      condition.broadcast()
      return begun
    }
  }

  /// Waits for a sum, or for all.
  func finish(_ number: Int? = nil) throws {
    try condition.withLock {
      let last = number ?? begun
      while done < last { condition.wait() }
      if let failure { throw failure }
    }
  }

  func end() {
    condition.withLock {
      isOver = true
      condition.broadcast()
    }
  }

  private func run() {
    while let values = next() {
      // After a failure nobody waits any more for what is left.
      let before = condition.withLock { failure }
      let result = Result { try before.map { throw $0 } ?? ring.sum(values) }
      condition.withLock {
        if case .failure(let error) = result { failure = error }
        done += 1
        condition.broadcast()
      }
    }
  }

  private func next() -> UnsafeMutableBufferPointer<Float>? {
    condition.withLock {
      while waiting.isEmpty, !isOver { condition.wait() }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }
}
