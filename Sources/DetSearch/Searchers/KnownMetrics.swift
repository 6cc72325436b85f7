import DetSpec
import Synchronization

/// What is known of the things in a space before they are evaluated, each counted once where the space can be listed: a searcher that
/// learns asks about all of them for every suggestion.
final class KnownMetrics: Sendable {
  private let counted = Mutex<[Int: [Metric: Double]]>([:])
  private let count: SearchHistory.Known
  private let keeps: Bool

  init(of space: any SearchSpace, _ count: @escaping SearchHistory.Known) {
    self.count = count
    keeps = space.size <= CostScale.wholeSpace
  }

  /// What is known of a number.
  var function: SearchHistory.Known {
    guard keeps else { return count }
    return { number in
      if let known = self.counted.withLock({ $0[number] }) { return known }
      let known = self.count(number)
      self.counted.withLock { $0[number] = known }
      return known
    }
  }
}
