import CHTTP
import Foundation
import Synchronization

/// One that follows a page: what is still to be sent to it.
///
/// What is sent is made once for all watchers and only pointed to here. One that reads too slowly is told to ask for the whole page
/// instead, so that no memory is needed for it.
package final class Watcher: Sendable {
  private struct State {
    var queue: [Bytes] = []
    /// Bytes of the first that are sent already.
    var sent = 0
    var isOver = false
  }

  /// Whether it gets compressed bytes.
  let isZipped: Bool
  private let state = Mutex(State())
  // The server's handle, written once before the first byte is sent.
  private let handle = Mutex<UInt?>(nil)
  static let mostWaiting = 64

  /// Begins with something to send.
  init(zipped: Bool, first: [Bytes]) {
    isZipped = zipped
    state.withLock { $0.queue = (zipped ? [Self.gzipHead] : []) + first }
  }

  deinit {
    if let stream = handle.withLock({ $0 }).flatMap(OpaquePointer.init(bitPattern:)) {
      chttp_drop(stream)
    }
  }

  /// What every gzip file begins with; nothing follows its last block, as there is none.
  private static let gzipHead = Bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])

  /// The server's end of it.
  func attach(_ stream: OpaquePointer) { handle.withLock { $0 = UInt(bitPattern: stream) } }

  /// Whether the connection is gone.
  package var isOver: Bool { state.withLock { $0.isOver } }

  /// The connection is gone.
  func end() {
    state.withLock {
      $0.isOver = true
      $0.queue = []
    }
  }

  /// Adds something to send; `instead` where too much waits already.
  func send(_ bytes: Bytes, instead: Bytes) {
    state.withLock { state in
      guard !state.isOver else { return }
      if state.queue.count >= Self.mostWaiting {
        // What was begun must be ended.
        state.queue = Array(state.queue.prefix(1)) + [instead]
      } else {
        state.queue.append(bytes)
      }
    }
    if let stream = handle.withLock({ $0 }).flatMap(OpaquePointer.init(bitPattern:)) {
      chttp_wake(stream)
    }
  }

  /// Fills a buffer with what waits; how many bytes, or -1 at the end.
  package func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    state.withLock { state in
      guard !state.isOver else { return -1 }
      var filled = 0
      while filled < buffer.count, let first = state.queue.first {
        let count = min(first.count - state.sent, buffer.count - filled)
        buffer[filled...].copyBytes(
          from: UnsafeRawBufferPointer(start: first.start + state.sent, count: count))
        filled += count
        state.sent += count
        guard state.sent == first.count else { break }
        state.queue.removeFirst()
        state.sent = 0
      }
      return filled
    }
  }
}
