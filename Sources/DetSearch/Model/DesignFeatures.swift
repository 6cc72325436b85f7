import DetSpec
import Foundation

/// What a model knows of a design before it is evaluated: the features that the space gives, and the logarithms of the costs that are
/// known, each a group of its own.
struct DesignFeatures: Sendable {
  private let history: SearchHistory
  private let costs: [Cost]
  private let groups: [Range<Int>]

  /// A known cost, with the range of its logarithm in the first designs.
  private struct Cost: Sendable {
    let metric: Metric
    let least: Double
    let width: Double
  }

  /// The features of a history's designs.
  init(_ history: SearchHistory) {
    self.history = history
    let first = history.evaluated.prefix(Self.scaled).map(history.known)
    costs = Metric.costs.compactMap { metric in
      let values = first.compactMap { $0[metric] }.filter { $0 > 0 }.map {
        log($0)
      }
      guard values.count == first.count, let least = values.min(), let most = values.max(),
        most > least
      else { return nil }
      return Cost(metric: metric, least: least, width: most - least)
    }
    var groups = history.space.featureGroups
    for _ in costs {
      let start = groups.last?.upperBound ?? 0
      groups.append(start..<start + 1)
    }
    self.groups = groups
  }

  /// The first designs, whose costs set the scale.
  private static let scaled = 8

  /// One design's.
  func row(of number: Int) -> [Double] {
    let known = costs.isEmpty ? [:] : history.known(number)
    return history.space.features(of: number)
      + costs.map { cost in
        (log(max(known[cost.metric] ?? 0, 1e-300)) - cost.least) / cost.width
      }
  }

  /// Those of several designs.
  func table(of numbers: [Int]) -> FeatureTable {
    FeatureTable(numbers.map(row), groups: groups)
  }
}
