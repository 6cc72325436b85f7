import Foundation

/// The best accuracy for every cost: what a front of one accuracy and one cost is, as steps that rise.
struct Staircase: Sendable, Hashable {
  /// Where each step begins; the first at 0.
  private var starts: [Double] = [0]
  /// How high each is; the first 0.
  private var heights: [Double] = [0]
  /// Where the last one ends: no cost beyond counts.
  let end: Double

  /// The steps of points given as accuracy and cost.
  init(_ points: [(accuracy: Double, cost: Double)], end: Double) {
    self.end = end
    let sorted = points.sorted { left, right in
      left.cost != right.cost ? left.cost < right.cost : left.accuracy > right.accuracy
    }
    for point in sorted where point.cost < end && point.accuracy > heights[heights.count - 1] {
      starts.append(point.cost)
      heights.append(point.accuracy)
    }
  }

  /// How much area under the steps a design of a known cost is expected to add: the expected improvement of hypervolume
  /// (Emmerich et al. 2006), which is exact and cheap where only the accuracy is uncertain.
  func expectedGain(_ accuracy: Prediction, cost: Double) -> Double {
    var gain = 0.0
    for (place, height) in heights.enumerated() {
      let next = place + 1 < starts.count ? starts[place + 1] : end
      let width = next - max(starts[place], cost)
      guard width > 0 else { continue }
      gain += width * Self.expectedExcess(of: accuracy, over: height)
    }
    return gain
  }

  /// The mean of max(0, value − height).
  static func expectedExcess(of value: Prediction, over height: Double) -> Double {
    let gap = value.mean - height
    guard value.deviation > 0 else { return max(0, gap) }
    let steps = gap / value.deviation
    let density = exp(-steps * steps / 2) / (2 * Double.pi).squareRoot()
    let share = erfc(-steps / 2.0.squareRoot()) / 2
    return value.deviation * density + gap * share
  }
}
