import Foundation
import Synchronization

/// Thrown by a verb that stopped because the user asked for it (Ctrl-C, or a polite kill): exit code 130.
package struct Interruption: Error, Equatable, Sendable {
  /// The verb has stopped in an orderly way.
  package init() {}

  private static let requested = Atomic<Bool>(false)

  /// Turns the first SIGINT or SIGTERM into a request that ``isRequested`` shows; the second ends the process.
  package static func watch() {
    // The handler may only touch what exists already: make the flag before a signal can come.
    requested.store(false, ordering: .relaxed)
    // Whoever started this process may have left the signals blocked.
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] { sigaddset(&watched, number) }
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// Whether the user has asked to stop since ``watch()``.
  package static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Lets a write to a closed pipe fail with an error instead of killing the process.
  ///
  /// A handler that does nothing, not `SIG_IGN`: programs that this one starts must not inherit it.
  package static func outliveClosedPipes() { signal(SIGPIPE) { _ in } }
}
