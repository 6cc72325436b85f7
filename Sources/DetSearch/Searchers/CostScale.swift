import DetBasics
import DetSpec
import Foundation
import Synchronization

/// The multiply-accumulates of the things in a space by their logarithm.
final class CostScale: Sendable {
  /// The largest space that is counted as a whole; of larger ones a sample stands for all.
  static let wholeSpace = 2048
  private static let sample = 256

  private let space: any SearchSpace
  private let known: SearchHistory.Known
  private let range = Mutex<Range?>(nil)

  /// From the least to the most; nil where costs are not known before an evaluation.
  private struct Range: Sendable {
    let ends: ClosedRange<Double>?
  }

  init(_ space: any SearchSpace, known: @escaping SearchHistory.Known) {
    self.space = space
    self.known = known
  }

  /// From the cheapest to the dearest; nil where costs are not known before an evaluation, or all are the same.
  var ends: ClosedRange<Double>? {
    if let found = range.withLock({ $0 }) { return found.ends }
    let costs = values(of: sampled)
    var ends: ClosedRange<Double>?
    if let least = costs.min(), let most = costs.max(), least < most, costs.count == sampled.count {
      ends = least...most
    }
    range.withLock { $0 = Range(ends: ends) }
    return ends
  }

  /// The logarithms of some costs; those that are not known are left out.
  func values(of numbers: [Int]) -> [Double] {
    numbers.compactMap { number in
      known(number)[.macs].flatMap { $0 > 0 ? log($0) : nil }
    }
  }

  private var sampled: [Int] {
    guard space.size > Self.wholeSpace else { return Array(0..<space.size) }
    var generator = Generator(seed: 0).stream("costs")
    return (0..<Self.sample).compactMap { _ in space.draw(&generator, taken: TakenNumbers()) }
  }
}
