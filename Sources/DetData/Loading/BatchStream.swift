import Foundation

/// The batches of one epoch in order; its threads end with it.
public final class BatchStream {
  private let work: BatchWork

  init(loader: Loader, plans: EpochPlans, first: Int) {
    precondition(first >= 0, "batches are numbered from 0, not \(first)")
    work = BatchWork(loader: loader, plans: plans, first: first)
    for number in 0..<loader.threads {
      let thread = Thread { [work] in work.run() }
      thread.name = "loader \(number)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  deinit { work.cancel() }

  /// The next batch, waiting for it if need be; nil when the epoch is over.
  ///
  /// Throws when an image of the batch cannot be read and the loader was not told to skip such images; the
  /// batches after it can still be had.
  public func next() throws -> Batch? { try work.next() }
}
