import DetBasics
import DetMetrics
import TestSupport
import Testing

struct ScoreCountsTests {
  @Test func rightAndWrongAreCountedFromEachScoreUp() throws {
    let truth = try Scene.truth([
      (1, 1, [0, 0, 10, 10]), (1, 1, [20, 0, 10, 10]), (2, 2, [0, 0, 10, 10]),
    ])
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [
      Scene.detection(1, 1, [0, 0, 10, 10], 0.9),  // right
      Scene.detection(1, 1, [0, 0, 10, 9], 0.75),  // found before
      Scene.detection(2, 1, [50, 0, 10, 10], 0.5),  // nothing there
      Scene.detection(1, 1, [20, 0, 10, 9], 0.25),  // right
      Scene.detection(2, 1, [0, 0, 10, 10], 0),  // of another class
    ])
    let counts = evaluator.counts(atScores: [0, 0.25, 0.5, 0.75, 0.8, 0.9, 1])
    #expect(counts.map(\.category?.id) == [1, 2])
    #expect(counts.map(\.truths) == [2, 1])
    #expect(counts[0].right == [2, 2, 1, 1, 1, 1, 0])
    #expect(counts[0].wrong == [3, 2, 2, 1, 0, 0, 0])
    #expect(counts[0].precision == [0.4, 0.5, 1.0 / 3, 0.5, 1, 1, 0])
    #expect(counts[0].recall == [1, 1, 0.5, 0.5, 0.5, 0.5, 0])
    #expect(counts[1].right.allSatisfy { $0 == 0 } && counts[1].wrong.allSatisfy { $0 == 0 })
    // The second box overlaps its truth by 0.9.
    #expect(evaluator.counts(atScores: [0], iou: 0.95).map(\.right) == [[1], [0]])
  }

  /// Recall at a score is that of the detections of at least that score, evaluated alone; precision is at most what the
  /// interpolated curve says at that recall.
  @Test func countsAgreeWithTheEvaluationOfWhatIsKept() throws {
    let scores = [-1, 0, 0.1, 0.5, 0.9, 1]
    for number in 0..<300 {
      var stream = Generator(seed: 11).stream("counts", number)
      let one = RandomCase(&stream)
      let truth = try GroundTruth(
        images: one.images, categories: one.categories, annotations: one.annotations)
      func evaluator(from least: Double) throws -> COCOEvaluator {
        var evaluator = COCOEvaluator(truth: truth, parameters: one.parameters, threads: 1)
        try evaluator.add(contentsOf: one.detections.filter { $0.score >= least })
        return evaluator
      }
      for iou in one.parameters.iouThresholds {
        let counts = try evaluator(from: -1).counts(atScores: scores, iou: iou)
        let whole = try evaluator(from: -1).finish()
        for (place, score) in scores.enumerated() {
          let kept = try evaluator(from: score).finish()
          for count in counts {
            let id = count.category?.id
            #expect(count.truths == whole.truthCount(category: id))
            let recall = kept.averageRecall(iou: iou, category: id)
            #expect(abs(count.recall[place] - recall) < 1e-12, "case \(number), score \(score)")
            let category = id ?? one.categories.map(\.id).min() ?? 0
            for point in whole.curve(category: category, iou: iou)
            where point.recall <= count.recall[place] && count.right[place] > 0 {
              #expect(point.precision >= count.precision[place] - 1e-12, "case \(number)")
            }
          }
        }
      }
    }
  }
}
