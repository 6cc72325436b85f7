import DetBasics
import DetMetrics
import Testing

/// Annotations that are ignored: pycocotools counts them, trials do not.
@Suite struct IgnoredBoxesTests {
  /// One box that counts and one beside it that is ignored, both of class 1 in image 1.
  private func evaluator(
    leavesOut: Bool, _ found: [[Double]], ignored: [Double] = [50, 50, 20, 20]
  ) throws -> COCOEvaluator {
    let whole = try Scene.truth([(1, 1, [0, 0, 10, 10]), (1, 1, ignored)])
    var annotations = whole.annotations
    annotations[1].isIgnored = true
    let truth = try GroundTruth(
      images: whole.images, categories: whole.categories, annotations: annotations)
    var parameters = COCOParameters()
    parameters.leavesIgnoredOut = leavesOut
    var evaluator = COCOEvaluator(truth: truth, parameters: parameters)
    for (rank, box) in found.enumerated() {
      try evaluator.add(
        image: 1, detections: [Scene.detection(1, 1, box, 0.9 - 0.1 * Double(rank))])
    }
    return evaluator
  }

  @Test func anIgnoredTruthThatNothingFindsIsNoMiss() throws {
    let found: [[Double]] = [[0, 0, 10, 10]]
    let left = try evaluator(leavesOut: true, found).finish().summary
    #expect(abs(left.AP - 1) < 1e-12 && abs(left.AR100 - 1) < 1e-12)
    let counted = try evaluator(leavesOut: false, found).finish().summary
    #expect(abs(counted.AR100 - 0.5) < 1e-12 && counted.AP < 0.52)
  }

  @Test func detectionsOnAnIgnoredTruthCountNeitherWayHoweverMany() throws {
    let found: [[Double]] = [[50, 50, 20, 20], [50.2, 50, 20, 20], [0, 0, 10, 10]]
    let left = try evaluator(leavesOut: true, found)
    #expect(abs(left.finish().summary.AP - 1) < 1e-12)
    #expect(abs(ErrorAnalysis(left).averagePrecision - 1) < 1e-12)
    #expect(ErrorAnalysis(left).counts.values.allSatisfy { $0 == 0 })
    // The second of them is wrong where the box counts: one of two is found, then one wrong, then both.
    let counted = try evaluator(leavesOut: false, found)
    #expect(ErrorAnalysis(counted).counts[.duplicate] == 1)
  }

  @Test func aTruthThatCountsIsTakenBeforeOneThatIsIgnored() throws {
    // The detection overlaps the ignored box more; it is right all the same.
    let left = try evaluator(leavesOut: true, [[1, 0, 10, 10]], ignored: [1, 0, 10, 10])
    #expect(abs(left.finish().summary.AP50 - 1) < 1e-12)
  }

  /// Unlike a crowd, whose overlap is the share of the detection that lies in it.
  @Test func aSmallDetectionInsideAnIgnoredTruthIsWrong() throws {
    let left = try evaluator(leavesOut: true, [[52, 52, 5, 5], [0, 0, 10, 10]])
    #expect(left.finish().summary.AP50 < 0.6)
  }

  @Test func intervalsLeaveThemOutToo() throws {
    let left = try evaluator(leavesOut: true, [[50, 50, 20, 20], [0, 0, 10, 10]])
    let interval = Bootstrap.interval(
      left, samples: 10, confidence: 0.9, generator: .init(seed: 1))
    #expect(interval.value > 1 - 1e-12)
  }
}
