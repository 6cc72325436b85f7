import DetBasics
import DetSpec
import Foundation

/// How likely each of some results belongs to the front when none is known exactly.
///
/// What is true of a design is taken for normal around what was found, independent of the others'. Then another dominates it with a
/// probability, the product of those of being as good in each cost and in its accuracies; and it is on the front when none does. Its
/// own accuracy is shared by all these comparisons, so they are averaged over it.
struct FrontChances: Sendable {
  /// Results in the objectives' order, and how far each may be off.
  struct Candidate: Sendable, Hashable {
    let point: [Double]
    let deviations: [Double]

    var isExact: Bool { deviations.allSatisfy { $0 == 0 } }
  }

  /// How likely one is on the front.
  struct Chance: Sendable, Hashable {
    let value: Double
    /// The place of the other that takes most from it; nil when nothing does.
    var rival: Int?
  }

  /// Below this a chance counts as none.
  static let least = 0.001
  /// Where an own accuracy is looked at, in deviations, and how much each place counts.
  private static let places = stride(from: -4.0, through: 4, by: 0.5).map { $0 }
  private static let weights: [Double] = {
    let densities = places.map { exp(-$0 * $0 / 2) }
    let sum = densities.reduce(0, +)
    return densities.map { $0 / sum }
  }()

  private let signs: [Double]
  private let accuracies: [Int]
  private let costs: [Int]

  /// Chances by some objectives.
  init(objectives: [Metric]) {
    signs = objectives.map { $0.direction == .maximize ? 1 : -1 }
    accuracies = objectives.indices.filter { objectives[$0].isAccuracy }
    costs = objectives.indices.filter { !objectives[$0].isAccuracy }
  }

  /// The chance of each: 0 or 1 where everything is exact.
  ///
  /// - Parameters:
  ///   - candidates: all results.
  ///   - front: the places of those that none dominates if everything is as it was found.
  /// - Returns: a chance each, in their order.
  func callAsFunction(_ candidates: [Candidate], front: [Int]) -> [Chance] {
    let isMember = Set(front)
    guard !candidates.allSatisfy(\.isExact) else {
      return candidates.indices.map { Chance(value: isMember.contains($0) ? 1 : 0) }
    }
    // Whatever is far from the front is told by the members, who come first.
    let order = front + candidates.indices.filter { !isMember.contains($0) }
    return candidates.indices.map { chance(of: $0, candidates, order) }
  }

  private func chance(of own: Int, _ candidates: [Candidate], _ order: [Int]) -> Chance {
    var left = Self.weights
    var (rest, most) = (1.0, 0.0)
    var chief: Int?
    for rival in order where rival != own {
      let odds = odds(that: candidates[rival], isAsCheapAs: candidates[own])
      guard odds > 0, mayMatch(candidates[rival], candidates[own]) else { continue }
      if candidates[rival].isExact, candidates[own].isExact,
        candidates[rival].point == candidates[own].point
      {
        continue
      }
      for place in left.indices {
        left[place] *= 1 - odds * match(candidates[rival], candidates[own], at: Self.places[place])
      }
      let value = left.reduce(0, +)
      if rest - value > most { (most, chief) = (rest - value, rival) }
      guard value >= Self.least else { return Chance(value: 0, rival: chief) }
      rest = value
    }
    return Chance(value: min(1, rest), rival: chief)
  }

  /// The probability that one costs no more than another; 0 where it is next to none.
  private func odds(that left: Candidate, isAsCheapAs right: Candidate) -> Double {
    var odds = 1.0
    for axis in costs {
      let gain = signs[axis] * (left.point[axis] - right.point[axis])
      let (one, other) = (left.deviations[axis], right.deviations[axis])
      let deviation = (one * one + other * other).squareRoot()
      guard gain >= -4 * deviation else { return 0 }
      odds *= Self.share(atLeast: -gain, deviation)
    }
    return odds
  }

  /// Whether one may be as accurate as another at all.
  private func mayMatch(_ left: Candidate, _ right: Candidate) -> Bool {
    accuracies.allSatisfy { axis in
      let gain = signs[axis] * (left.point[axis] - right.point[axis])
      return gain >= -4 * (left.deviations[axis] + right.deviations[axis])
    }
  }

  /// The probability that one is as accurate as another whose accuracies are so many deviations from what was found. Several accuracies
  /// of one design rise and fall together.
  private func match(_ left: Candidate, _ right: Candidate, at place: Double) -> Double {
    var least = 1.0
    for axis in accuracies {
      let truth = signs[axis] * right.point[axis] + place * right.deviations[axis]
      let gain = signs[axis] * left.point[axis] - truth
      least = min(least, Self.share(atLeast: -gain, left.deviations[axis]))
    }
    return least
  }

  /// The share of a normal around 0 that is at least so much.
  private static func share(atLeast value: Double, _ deviation: Double) -> Double {
    guard deviation > 0 else { return value <= 0 ? 1 : 0 }
    return erfc(value / deviation / 2.0.squareRoot()) / 2
  }
}

extension [String: Double] {
  /// These results with how far each may be off, as their intervals have it.
  func uncertain(_ objectives: [Metric]) -> FrontChances.Candidate {
    FrontChances.Candidate(
      point: Front.point(self, objectives), deviations: objectives.map(deviation))
  }

  /// The deviation of a normal that has the same 95 % interval; 0 where none is known.
  private func deviation(of metric: Metric) -> Double {
    let range = metric.isAccuracy ? interval(of: metric) : comparableRange(of: metric)
    guard let value = self[metric], let range else { return 0 }
    return Swift.max(range.upperBound - value, value - range.lowerBound, 0)
      / SeedNoise.normalQuantile
  }
}
