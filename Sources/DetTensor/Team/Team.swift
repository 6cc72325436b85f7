/// Processes that train one model together, each on its share of every batch.
///
/// All ranks call the same operations in the same order, and get the same bits from each. What is beyond one process goes
/// through this: ``Alone`` is the team of one, ``RingTeam`` computes on processors. A team on graphics cards would be one more
/// conformer, over NCCL: its ``startSum(_:)`` takes tensors as they lie on the card.
///
/// When a rank is lost, every call throws the same error from then on.
public protocol Team: AnyObject {
  /// This process's number, from 0. Rank 0 writes files and reports.
  var rank: Int { get }
  /// The number of processes.
  var count: Int { get }

  /// Begins to replace the elements of a contiguous float32 tensor by their sums over all ranks, while the caller computes.
  /// Nobody may touch the tensor before ``PendingSum/wait()`` has returned.
  func startSum(_ tensor: Tensor) -> any PendingSum

  /// The sums of a few numbers over all ranks.
  func sum(_ numbers: [Double]) throws -> [Double]

  /// Replaces the elements of a tensor by those of rank 0.
  func broadcast(_ tensor: Tensor) throws

  /// The bytes of every rank, in the order of the ranks.
  func gather(_ bytes: [UInt8]) throws -> [[UInt8]]

  /// Leaves the team: the work is done, or cannot be done for this reason, which all others are told.
  func leave(because reason: String?)
}

/// A sum under way.
public protocol PendingSum {
  /// Waits for the sum.
  func wait() throws
}

extension Team {
  /// Whether this process reports and writes.
  public var isFirst: Bool { rank == 0 }

  /// Whether there are others.
  public var isAlone: Bool { count == 1 }

  /// Waits until all ranks have come here.
  public func barrier() throws { _ = try gather([]) }

  /// Whether any rank says so; the same answer everywhere.
  public func isTrueAnywhere(_ condition: Bool) throws -> Bool {
    isAlone ? condition : try sum([condition ? 1 : 0])[0] > 0
  }

  /// Replaces the elements of tensors by those of rank 0.
  public func broadcast(_ tensors: [Tensor]) throws {
    for tensor in tensors { try broadcast(tensor) }
  }
}

/// The team of one: what a process is unless it was started as a part of more.
public final class Alone: Team {
  /// Makes it.
  public init() {}
  /// 0.
  public let rank = 0
  /// 1.
  public let count = 1

  private struct Done: PendingSum { func wait() {} }

  /// The tensor is its own sum.
  public func startSum(_ tensor: Tensor) -> any PendingSum { Done() }
  /// The numbers are their own sums.
  public func sum(_ numbers: [Double]) -> [Double] { numbers }
  /// Nothing happens.
  public func broadcast(_ tensor: Tensor) {}
  /// The bytes alone.
  public func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
  /// Nobody needs to know.
  public func leave(because reason: String?) {}
}
