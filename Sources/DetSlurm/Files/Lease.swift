import DetBasics
import Foundation

/// What says that a search is alive: a file that it rewrites at every look at the cluster.
///
/// Jobs look whether its content has changed for a while by their own clocks, so that clocks need not agree.
struct Lease {
  let path: String
  let token: String

  /// Writes it anew.
  func renew() throws {
    try AtomicFile.write("\(token) \(UInt64.random(in: 0 ... .max))\n", to: path)
  }

  /// What a job sees of a lease.
  struct Watch {
    private let path: String
    private let token: String
    private var seen: String?
    private var since: Double

    init(_ lease: Lease, now: Double) {
      (path, token, since) = (lease.path, lease.token, now)
      seen = try? Files.text(path)
    }

    enum Finding: Equatable {
      /// The search is alive, or was for a moment ago.
      case held
      /// Nobody has renewed it for so many seconds, or it cannot be seen.
      case stale(seconds: Double)
      /// Another run has taken the place.
      case ofAnother
    }

    /// Looks.
    mutating func look(now: Double) -> Finding {
      let text = try? Files.text(path)
      if let text, text != seen {
        (seen, since) = (text, now)
        if !text.hasPrefix(token + " ") { return .ofAnother }
      }
      return now > since ? .stale(seconds: now - since) : .held
    }
  }
}
