import Foundation
import Synchronization

/// Thrown by a verb that stopped because the user asked for it (Ctrl-C, or a polite kill): exit code 130.
package struct Interruption: Error, Equatable, Sendable {
  /// The verb has stopped in an orderly way.
  package init() {}

  private static let requests = Atomic<Int>(0)
  private static let patience = Atomic<Int>(1)
  private static let mayInsist = Atomic<Bool>(true)

  /// Turns SIGINT and SIGTERM into requests that ``isRequested`` and ``isUrgent`` show.
  ///
  /// - Parameters:
  ///   - finishing: the first SIGINT asks to finish what is under way and only the second, as SIGTERM at once, to stop it. Without,
  ///     every signal asks to stop.
  ///   - insists: whether one signal more ends the process. In a cluster's job it must not: the scheduler asks all processes of a job, and
  ///     those that started them ask again.
  package static func watch(finishing: Bool = false, insists: Bool = true) {
    // The handler interrupts whatever runs, be it amid an allocation: it may only touch what exists already, and must not
    // allocate. So the numbers are made before a signal can come, and it walks over no list.
    patience.store(finishing ? 2 : 1, ordering: .relaxed)
    requests.store(0, ordering: .relaxed)
    mayInsist.store(insists, ordering: .relaxed)
    // Whoever started this process may have left the signals blocked.
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] { sigaddset(&watched, number) }
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let most = Interruption.patience.load(ordering: .relaxed)
        let weight = number == SIGTERM ? most : 1
        let now = Interruption.requests.add(weight, ordering: .relaxed).newValue
        if now >= most, Interruption.mayInsist.load(ordering: .relaxed) {
          signal(SIGINT, SIG_DFL)
          signal(SIGTERM, SIG_DFL)
        }
      }
    }
  }

  /// Whether the user has asked to stop since signals are watched.
  package static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Whether the user does not want to wait for what is under way.
  package static var isUrgent: Bool {
    requests.load(ordering: .relaxed) >= patience.load(ordering: .relaxed)
  }

  /// Lets a write to a closed pipe fail with an error instead of killing the process.
  ///
  /// A handler that does nothing, not `SIG_IGN`: programs that this one starts must not inherit it.
  package static func outliveClosedPipes() { signal(SIGPIPE) { _ in } }

  /// Lets a write beyond the largest file that the user may make fail with an error, as on a full disk, instead of killing
  /// the process.
  package static func outliveFileLimits() { signal(SIGXFSZ) { _ in } }
}
