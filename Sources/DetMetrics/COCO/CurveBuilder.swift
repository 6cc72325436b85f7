/// Turns the matched detections of one class, in falling score, into precision–recall curves.
///
/// The arithmetic is that of pycocotools' `accumulate`, number by number: precision tp / (fp + tp + eps),
/// made falling from the right, read off where recall first reaches each threshold.
final class CurveBuilder {
  private let areas: Int
  private let limits: Int
  private let thresholds: Int
  private let recallThresholds: [Double]

  private var count = 0
  private let rows = Scratch<Int32>()
  private let codes = Scratch<UInt16>()
  private let scores = Scratch<Double>()
  private let inArea = Scratch<Int32>()  // per matched detection: detections so far, [area, limit]

  private let precisions = Scratch<Double>()  // [threshold, right detections]
  private let rightScores = Scratch<Double>()
  private let right = Scratch<Int32>()  // per threshold
  private let matchedInArea = Scratch<Int32>()
  private var needed: [Int] = []

  /// How many detections the class has; its best score.
  var detections = 0
  var bestScore = 0.0

  init(_ parameters: COCOParameters) {
    areas = parameters.areaRanges.count
    limits = parameters.detectionLimits.count
    thresholds = parameters.iouThresholds.count
    recallThresholds = parameters.recallThresholds
  }

  /// Forgets the last class; makes room for `capacity` matched detections.
  func start(capacity: Int) {
    count = 0
    bestScore = 0
    rows.reserve(capacity)
    codes.reserve(capacity)
    scores.reserve(capacity)
    inArea.reserve(capacity * areas * limits)
    precisions.reserve(capacity * thresholds)
    rightScores.reserve(capacity * thresholds)
    right.reserve(thresholds)
    matchedInArea.reserve(thresholds)
  }

  /// Adds the next matched detection with the counts of all detections up to it.
  @inline(__always)
  func add(
    row: Int32, code: Int, score: Double, _ counts: UnsafeMutablePointer<Int32>
  ) {
    rows[count] = row
    codes[count] = UInt16(code)
    scores[count] = score
    for column in 0..<areas * limits { inArea[count * areas * limits + column] = counts[column] }
    count += 1
  }

  /// Writes the curves of class `place`; without truths in an area range its numbers stay -1.
  func write(
    _ place: Int, _ outcomes: [CellMatcher.Outcome], _ tables: TableSlots
  ) {
    for area in 0..<areas {
      let truths = tables.truthCounts[place * areas + area]
      if truths == 0 { continue }
      findNeeded(truths)
      for limit in 0..<limits {
        outcomes.withUnsafeBufferPointer { gather($0, area, limit) }
        let row = tables.shape.row(place, area, limit)
        for threshold in 0..<thresholds {
          tables.recall[row + threshold] = Double(right[threshold]) / Double(truths)
          read(threshold, tables, (row + threshold) * recallThresholds.count)
        }
      }
    }
  }

  /// For each recall threshold the least number of right detections that reaches it.
  private func findNeeded(_ truths: Int) {
    needed.removeAll(keepingCapacity: true)
    for recall in recallThresholds {
      var rights = max(0, Int((recall * Double(truths)).rounded(.down)) - 1)
      while Double(rights) / Double(truths) < recall { rights += 1 }
      needed.append(rights)
    }
  }

  /// Collects precision and score of each right detection, per threshold.
  private func gather(
    _ outcomes: UnsafeBufferPointer<CellMatcher.Outcome>, _ area: Int, _ limit: Int
  ) {
    for threshold in 0..<thresholds {
      right[threshold] = 0
      matchedInArea[threshold] = 0
    }
    let column = area * limits + limit
    for step in 0..<count {
      let code = Int(codes[step])
      if code >> areas > limit { continue }
      let outcome = outcomes[Int(rows[step]) * areas + area]
      var matched = outcome.right | outcome.ignored
      let isInArea = Int32(code >> area & 1)
      let soFar = inArea[step * areas * limits + column]
      while matched != 0 {
        let threshold = matched.trailingZeroBitCount
        matched &= matched &- 1
        matchedInArea[threshold] += isInArea
        if outcome.right >> UInt64(threshold) & 1 == 0 { continue }
        let slot = threshold * count + Int(right[threshold])
        right[threshold] += 1
        let rights = Double(right[threshold])
        let wrongs = Double(soFar - matchedInArea[threshold])
        precisions[slot] = rights / (wrongs + rights + 0x1p-52)
        rightScores[slot] = scores[step]
      }
    }
  }

  private func read(_ threshold: Int, _ tables: TableSlots, _ start: Int) {
    let base = threshold * count
    let rights = Int(right[threshold])
    var step = rights - 1
    while step > 0 {
      if precisions[base + step] > precisions[base + step - 1] {
        precisions[base + step - 1] = precisions[base + step]
      }
      step -= 1
    }
    for (column, wanted) in needed.enumerated() {
      var (precision, score) = (0.0, 0.0)
      if wanted == 0 {
        // Recall 0 is reached by the first detection, right or wrong.
        precision = rights > 0 ? precisions[base] : 0
        score = detections > 0 ? bestScore : 0
      } else if wanted <= rights {
        precision = precisions[base + wanted - 1]
        score = rightScores[base + wanted - 1]
      }
      tables.precision[start + column] = precision
      tables.scores[start + column] = score
    }
  }
}
