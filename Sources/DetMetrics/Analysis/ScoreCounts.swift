/// How many of a class's detections are right and wrong at and above each of some scores, at one IoU threshold: what precision
/// and recall are when only detections of such a score are kept.
///
/// All areas count, under the largest limit of detections. Unlike COCO's curves these are not interpolated.
public struct ScoreCounts: Equatable, Sendable {
  /// The class; nil where all are judged as one.
  public let category: GroundTruth.Category?
  /// How many truths there are to find.
  public let truths: Int
  /// Right detections, for each score.
  public let right: [Int]
  /// Wrong detections, for each score.
  public let wrong: [Int]

  /// The share of right ones among the detections, for each score; 0 where there are none.
  public var precision: [Double] {
    zip(right, wrong).map { $0 + $1 == 0 ? 0 : Double($0) / Double($0 + $1) }
  }

  /// The share of the truths that is found, for each score.
  public var recall: [Double] { right.map { truths == 0 ? 0 : Double($0) / Double(truths) } }
}

extension ClassEvaluator {
  /// Right and wrong detections of the class evaluated last, at the first IoU threshold, for scores that rise.
  func counts(
    atScores scores: [Double], _ records: UnsafeBufferPointer<DetectionStore.Record>
  ) -> (right: [Int], wrong: [Int]) {
    // Counted where each detection stops to count, and summed from there down.
    var right = [Int](repeating: 0, count: scores.count)
    var wrong = right
    var last = scores.count - 1
    forEachRanked { place, isInArea, outcome in
      while last >= 0, scores[last] > records[Int(place)].score { last -= 1 }
      guard last >= 0 else { return }
      if outcome.right & 1 == 1 {
        right[last] += 1
      } else if isInArea, outcome.ignored & 1 == 0 {
        wrong[last] += 1
      }
    }
    for place in scores.indices.dropLast().reversed() {
      right[place] += right[place + 1]
      wrong[place] += wrong[place + 1]
    }
    return (right, wrong)
  }
}
