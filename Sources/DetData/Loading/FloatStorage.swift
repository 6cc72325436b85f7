import Foundation

/// Floats of a batch; goes back to the loader's pool when nobody holds it any more.
///
/// Fresh memory costs a page fault every 4 KB, for a batch of images more than the resizing itself; hence
/// the pool. Written by the loader's threads, each its own images, before anybody can read it.
final class FloatStorage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  let capacity: Int
  private let pool: FloatPool

  fileprivate init(pointer: UnsafeMutablePointer<Float>, capacity: Int, pool: FloatPool) {
    self.pointer = pointer
    self.capacity = capacity
    self.pool = pool
  }

  deinit { pool.takeBack(pointer, capacity) }
}

/// Memory of past batches for coming ones.
final class FloatPool: @unchecked Sendable {
  private let lock = NSLock()  // guards `free`
  private var free: [(pointer: UnsafeMutablePointer<Float>, capacity: Int)] = []
  private let mostKept: Int

  init(mostKept: Int) { self.mostKept = mostKept }

  deinit { for memory in free { memory.pointer.deallocate() } }

  /// Room for `count` floats of any content; a kept piece serves when less than half of it is wasted.
  func storage(count: Int) -> FloatStorage {
    lock.lock()
    defer { lock.unlock() }
    if let index = free.firstIndex(where: { $0.capacity >= count && $0.capacity <= 2 * count }) {
      let memory = free.remove(at: index)
      return FloatStorage(pointer: memory.pointer, capacity: memory.capacity, pool: self)
    }
    return FloatStorage(pointer: .allocate(capacity: count), capacity: count, pool: self)
  }

  fileprivate func takeBack(_ pointer: UnsafeMutablePointer<Float>, _ capacity: Int) {
    lock.lock()
    defer { lock.unlock() }
    free.append((pointer, capacity))
    if free.count > mostKept { free.removeFirst().pointer.deallocate() }
  }
}
