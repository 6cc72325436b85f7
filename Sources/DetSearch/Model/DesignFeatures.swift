import DetSpec
import Foundation

/// What a model knows of a design before it is evaluated: the features that the space gives, the logarithms of the costs that are
/// known, each a group of its own, and, where spaces that are alike are searched together, of which one it is.
struct DesignFeatures: Sendable {
  private let history: SearchHistory
  /// The costs that are known, with their scales.
  let costs: [Cost]
  /// Which features belong together.
  let groups: [Range<Int>]
  /// The other spaces of which something is known.
  private let families: [Int]

  /// A known cost, with the range of its logarithm in the first designs.
  struct Cost: Sendable, Hashable {
    let metric: Metric
    let least: Double
    let width: Double
  }

  /// The features of a history's designs.
  init(_ history: SearchHistory, without: Set<ModelPart> = []) {
    self.history = history
    let first = history.evaluated.prefix(Self.scaled).map(history.known)
    let metrics = without.contains(.knownCosts) ? [] : Metric.costs
    costs = metrics.compactMap { metric in
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
    families = Set(history.kin.map(\.family)).sorted()
    if !families.isEmpty {
      let start = groups.last?.upperBound ?? 0
      groups.append(start..<start + 1 + families.count)
    }
    self.groups = groups
  }

  /// The first designs, whose costs set the scale.
  private static let scaled = 8

  /// One design's.
  func row(of number: Int) -> [Double] {
    row(
      history.space.features(of: number), costs.isEmpty ? [:] : history.known(number), family: nil)
  }

  /// That of a design of another space.
  func row(of kin: SearchHistory.Kin) -> [Double] {
    row(kin.features, kin.known, family: kin.family)
  }

  private func row(_ features: [Double], _ known: [Metric: Double], family: Int?) -> [Double] {
    let scaled = costs.map { cost in
      (log(max(known[cost.metric] ?? 0, 1e-300)) - cost.least) / cost.width
    }
    guard !families.isEmpty else { return features + scaled }
    let all = [nil] + families.map(Optional.some)
    return features + scaled + all.map { $0 == family ? 0.5.squareRoot() : 0 }
  }

  /// Those of all designs, by number; nil where they are too many.
  var wholeSpace: FeatureTable? {
    let size = history.space.size
    return size <= CandidatePool.wholeSpace ? table(of: Array(0..<size)) : nil
  }

  /// Those of several designs.
  func table(of numbers: [Int]) -> FeatureTable {
    FeatureTable(numbers.map(row), groups: groups)
  }
}
