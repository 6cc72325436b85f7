/// One class's detections in falling score with what became of each, in the range of all areas and under the
/// largest limit: all that AP over any weighting of the images needs.
struct RankedClass: Sendable {
  /// The image of each detection.
  var images: [Int32] = []
  /// Per detection, bit t for threshold t.
  var right: [UInt64] = []
  /// Neither right nor wrong; all bits when a detection's own area is out of range and nothing matched.
  var ignored: [UInt64] = []
  /// Truths that count, by image.
  var truths: [(image: Int32, count: Int32)] = []
}

extension ClassEvaluator {
  /// The class evaluated last, ranked.
  func ranked(
    _ records: UnsafeBufferPointer<DetectionStore.Record>, truths: Range<Int>, _ view: TruthView
  ) -> RankedClass {
    var result = RankedClass()
    forEachRanked { place, isInArea, outcome in
      result.images.append(records[Int(place)].image)
      result.right.append(outcome.right)
      result.ignored.append(isInArea ? outcome.ignored : ~outcome.right)
    }
    for truth in truths where !view.isLeftOut[truth] && AreaRange.all.contains(view.areas[truth]) {
      let image = view.imageOf[truth]
      if let last = result.truths.last, last.image == image {
        result.truths[result.truths.count - 1].count += 1
      } else {
        result.truths.append((image, 1))
      }
    }
    return result
  }
}

/// A detector's results laid out for averaging over any weighting of the images.
struct RankedResults: Sendable {
  let classes: [RankedClass]
  let imageCount: Int
  let thresholdCount: Int
  let recallThresholds: [Double]

  /// AP over all thresholds and classes when image i counts `weights[i]` times; -1 without truth.
  func averagePrecision(_ weights: [Int32]) -> Double {
    var (sum, terms) = (0.0, 0)
    for one in classes {
      let truths = one.truths.reduce(0) { $0 + Int(weights[Int($1.image)]) * Int($1.count) }
      if truths == 0 { continue }
      sum += precisionSum(one, truths, weights)
      terms += thresholdCount * recallThresholds.count
    }
    return terms == 0 ? -1 : sum / Double(terms)
  }

  /// An image that counts w times is w images: its right detections raise the curve w times in a row, and
  /// the last of them is the best of the row.
  private func precisionSum(_ one: RankedClass, _ truths: Int, _ weights: [Int32]) -> Double {
    var rights = [Int](repeating: 0, count: thresholdCount)
    var passed = rights  // matched, hence not wrong
    var steps = [[(rights: Int, precision: Double)]](repeating: [], count: thresholdCount)
    var seen = 0
    for place in one.images.indices {
      let weight = Int(weights[Int(one.images[place])])
      if weight == 0 { continue }
      seen += weight
      var matched = (one.right[place] | one.ignored[place]) & thresholdMask
      while matched != 0 {
        let threshold = matched.trailingZeroBitCount
        matched &= matched &- 1
        passed[threshold] += weight
        if one.right[place] >> UInt64(threshold) & 1 == 0 { continue }
        rights[threshold] += weight
        let wrongs = seen - passed[threshold]
        let precision =
          Double(rights[threshold]) / (Double(wrongs + rights[threshold]) + 0x1p-52)
        steps[threshold].append((rights[threshold], precision))
      }
    }
    return steps.reduce(0) { $0 + readOff($1, truths) }
  }

  private var thresholdMask: UInt64 {
    thresholdCount == 64 ? .max : 1 << UInt64(thresholdCount) &- 1
  }

  private func readOff(_ curve: [(rights: Int, precision: Double)], _ truths: Int) -> Double {
    var sum = 0.0
    var place = curve.count - 1
    var best = 0.0
    for recall in recallThresholds.reversed() {
      // From the right: every step whose recall reaches the threshold lifts the envelope.
      while place >= 0, Double(curve[place].rights) / Double(truths) >= recall {
        best = max(best, curve[place].precision)
        place -= 1
      }
      sum += best
    }
    return sum
  }
}
