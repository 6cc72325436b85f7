import DetSpec
import Synchronization

/// What is known of the things in a space before they are evaluated, counted once for each question of a searcher that learns: it
/// asks about the same ones several times, and where the space can be listed about all of them.
final class KnownMetrics: Sendable {
  private let counted = Mutex<[Int: [Metric: Double]]>([:])
  private let count: SearchHistory.Known

  /// What is kept at the most; then all of it is forgotten.
  private static let most = 4096

  init(_ count: @escaping SearchHistory.Known) { self.count = count }

  /// What is known of a number.
  func callAsFunction(_ number: Int) -> [Metric: Double] {
    if let known = counted.withLock({ $0[number] }) { return known }
    let known = count(number)
    counted.withLock { counted in
      if counted.count >= Self.most { counted.removeAll(keepingCapacity: true) }
      counted[number] = known
    }
    return known
  }
}
