internal import CTorch
import Synchronization

extension Torch {
  private static let exhaustion = Mutex<(@Sendable (String) -> Never)?>(nil)

  /// Sets what ends the process when an operation runs out of memory: a design that is too large is not the caller's
  /// bug, and whoever started this process may want the reason in a form of its own.
  ///
  /// The handler gets one sentence and must not return. Without one the process traps with that sentence.
  ///
  /// ```swift
  /// Torch.onMemoryExhaustion { reason in
  ///   print(reason)  // out of memory in Tensor.zeros(_:…): … you tried to allocate 4398046511104 bytes …
  ///   exit(1)
  /// }
  /// ```
  public static func onMemoryExhaustion(_ handler: @escaping @Sendable (String) -> Never) {
    exhaustion.withLock { $0 = handler }
  }

  /// Whether a message of libtorch, or of the libraries that it calls, says that memory ran out.
  package static func tellsOfExhaustion(_ message: String) -> Bool { ct_tells_exhaustion(message) }

  static func memoryRanOut(_ reason: String) -> Never {
    let handler = exhaustion.withLock { $0 }
    handler?(reason)
    fatalError(reason)
  }
}
