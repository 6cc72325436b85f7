import Foundation

/// The lock through which jobs of one user on one machine take turns, so that a latency is measured while none of them computes.
///
/// It lies in a folder of the machine's own: a lock on a network's disk would make all nodes wait for one.
enum HostLock {
  static var path: String { "\(folder)/smnas-\(getuid())-measure.lock" }

  private static var folder: String {
    ["/dev/shm", "/tmp"].first { access($0, W_OK) == 0 } ?? NSTemporaryDirectory()
  }
}
