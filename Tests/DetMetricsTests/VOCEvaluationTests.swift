import DetMetrics
import TestSupport
import Testing

private struct VOCGolden: Decodable {
  struct Truth: Decodable {
    let image: Int64
    let corners: [Double]
    let difficult: Bool
  }
  struct Found: Decodable {
    let image: Int64
    let corners: [Double]
    let score: Double
  }
  struct Case: Decodable {
    let truths: [Truth]
    let found: [Found]
    let elevenPoint: Double
    let area: Double
  }
  let numpy: String
  let cases: [Case]
}

/// A box from VOC's inclusive corners.
private func box(_ corners: [Double]) -> COCOBox {
  COCOBox(x0: corners[0], y0: corners[1], x1: corners[2] + 1, y1: corners[3] + 1)
}

@Suite struct VOCEvaluationTests {
  @Test func bothPrecisionsEqualTheDevelopmentKit() throws {
    for one in try Golden.read(VOCGolden.self, "voc.json").cases {
      let annotations = one.truths.enumerated().map { place, truth in
        GroundTruth.Annotation(
          id: Int64(place + 1), imageID: truth.image, categoryID: 1, box: box(truth.corners),
          isIgnored: truth.difficult)
      }
      let truth = try GroundTruth(
        images: (1...4).map { GroundTruth.Image(id: $0) },
        categories: [GroundTruth.Category(id: 1, name: "thing")], annotations: annotations)
      var evaluator = COCOEvaluator(truth: truth)
      try evaluator.add(
        contentsOf: one.found.map {
          DetectionEntry(imageID: $0.image, categoryID: 1, box: box($0.corners), score: $0.score)
        })
      let eleven = VOCEvaluation(evaluator, method: .elevenPoint).meanAveragePrecision
      let area = VOCEvaluation(evaluator, method: .area).meanAveragePrecision
      #expect(abs(eleven - one.elevenPoint) <= 1e-12)
      #expect(abs(area - one.area) <= 1e-12)
    }
  }

  @Test func aClassWithoutTruthIsLeftOutOfTheMean() throws {
    let truth = try Scene.truth([(1, 1, [0, 0, 10, 10])], categories: [1, 2])
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 10], 0.9)])
    let result = VOCEvaluation(evaluator)
    #expect(result.meanAveragePrecision == 1)
    #expect(result.classes[1].averagePrecision.isNaN)
  }
}
