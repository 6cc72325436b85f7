import Foundation
import Synchronization

/// Sharing independent work among threads.
package enum Threads {
  /// One per core that this process may use.
  package static var available: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Runs `body` on up to `threads` threads; each takes items by calling `next` until it gives nil.
  package static func share<Item: Sendable>(
    _ items: [Item], among threads: Int, _ body: @Sendable (() -> Item?) -> Void
  ) {
    let counter = Counter()
    let next: @Sendable () -> Item? = {
      let place = counter.taken.wrappingAdd(1, ordering: .relaxed).oldValue
      return place < items.count ? items[place] : nil
    }
    let count = min(threads, items.count)
    if count <= 1 { return body(next) }
    DispatchQueue.concurrentPerform(iterations: count) { _ in body(next) }
  }

  /// The result for each item, in the items' order; on all cores unless told otherwise.
  package static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], among threads: Int = available, _ body: @Sendable (Item) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: items.count))
    share(Array(items.indices), among: threads) { next in
      while let place = next() {
        let result = body(items[place])
        results.withLock { $0[place] = result }
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  private final class Counter: Sendable {
    let taken = Atomic<Int>(0)
  }
}
