package import DetBasics
import DetMetrics

/// A front that grows point by point, so that a search of thousands of trials never sorts them all again.
package struct FrontTracker: Sendable {
  /// A point with the number of the trial it came from.
  package struct Entry: Sendable, Hashable {
    /// The trial's number.
    package let trial: Int
    /// Its results, in the objectives' order.
    package let point: [Double]
  }

  private let directions: [Direction]
  /// The points that none other dominates, by trial number; twins are kept.
  package private(set) var entries: [Entry] = []

  /// An empty front.
  package init(directions: [Direction]) { self.directions = directions }

  /// Takes a point in, unless another dominates it, and drops those that it dominates. Says whether the front changed.
  @discardableResult
  package mutating func insert(trial: Int, point: [Double]) -> Bool {
    guard !entries.contains(where: { dominates($0.point, point) }) else { return false }
    entries = entries.filter { !dominates(point, $0.point) }
    let place = entries.firstIndex { $0.trial > trial } ?? entries.count
    entries.insert(Entry(trial: trial, point: point), at: place)
    return true
  }

  private func dominates(_ left: [Double], _ right: [Double]) -> Bool {
    ParetoFront.dominates(left, right, directions: directions)
  }
}
