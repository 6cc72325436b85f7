import Foundation
import Synchronization

/// The signals by which a scheduler asks a job to stop: USR2, for which the search asks Slurm before a time limit, and TERM, which
/// comes at a preemption, at a cancellation and before every end by force.
enum JobSignals {
  private static let requests = Atomic<Int>(0)

  /// Turns them into requests; the process itself goes on.
  static func watch() {
    // The handler interrupts whatever runs: it may only touch what exists already.
    requests.store(0, ordering: .relaxed)
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGUSR2, SIGTERM, SIGINT] { sigaddset(&watched, number) }
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    for number in [SIGUSR2, SIGTERM, SIGINT] {
      signal(number) { _ in JobSignals.requests.add(1, ordering: .relaxed) }
    }
  }

  /// Whether one has come since.
  static var isAsked: Bool { requests.load(ordering: .relaxed) > 0 }
}
