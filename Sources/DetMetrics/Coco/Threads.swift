import Foundation
import Synchronization

/// Sharing independent work among threads.
enum Threads {
  /// One per core that this process may use.
  static var available: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Runs `body` on up to `threads` threads; each takes items by calling `next` until it gives nil.
  static func share<Item: Sendable>(
    _ items: [Item], among threads: Int, _ body: @Sendable (() -> Item?) -> Void
  ) {
    let taken = Atomic<Int>(0)
    let next: @Sendable () -> Item? = {
      let place = taken.wrappingAdd(1, ordering: .relaxed).oldValue
      return place < items.count ? items[place] : nil
    }
    let count = min(threads, items.count)
    if count <= 1 { return body(next) }
    DispatchQueue.concurrentPerform(iterations: count) { _ in body(next) }
  }
}
