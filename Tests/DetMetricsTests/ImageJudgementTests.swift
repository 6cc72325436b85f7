import DetBasics
import Testing

@testable import DetMetrics

struct ImageJudgementTests {
  /// Image 1 has two cats and a crowd, image 2 nothing, image 7 a dog.
  private func evaluator(_ found: [(image: Int64, kind: Int64, x: Double, score: Double)]) throws
    -> COCOEvaluator
  {
    func truth(_ id: Int64, _ image: Int64, _ kind: Int64, _ x: Double, isCrowd: Bool = false)
      -> GroundTruth.Annotation
    {
      .init(
        id: id, imageID: image, categoryID: kind, box: COCOBox(x: x, y: 0, width: 10, height: 10),
        isCrowd: isCrowd)
    }
    let truths = try GroundTruth(
      images: [7, 1, 2].map { .init(id: $0, width: 200, height: 100) },
      categories: [.init(id: 3, name: "cat"), .init(id: 9, name: "dog")],
      annotations: [
        truth(1, 1, 3, 0), truth(2, 1, 3, 50), truth(3, 1, 3, 150, isCrowd: true),
        truth(4, 7, 9, 20),
      ])
    var evaluator = COCOEvaluator(truth: truths, threads: 1)
    try evaluator.add(
      contentsOf: found.map {
        DetectionEntry(
          imageID: $0.image, categoryID: $0.kind,
          box: COCOBox(x: $0.x, y: 0, width: 10, height: 10), score: $0.score)
      })
    return evaluator
  }

  @Test func rightWrongAndMissedAreToldApartImageByImage() throws {
    // A cat found twice, the crowd, the other cat at an overlap of 1/3; a dog called a cat; something where nothing is.
    let judged = try evaluator([
      (1, 3, 1, 0.9), (1, 3, 0, 0.8), (1, 3, 150, 0.7), (1, 3, 55, 0.6), (7, 3, 20, 0.9),
      (2, 9, 0, 0.3),
    ]).judgements(fromScore: 0.5)
    #expect(judged.map(\.imageID) == [1, 2, 7])
    #expect(judged[0].right.map(\.box.x) == [1])
    #expect(judged[0].wrong.map(\.box.x) == [0, 55])
    #expect(judged[0].missed.map(\.box.x) == [50])
    // 2 · 1 / (2 · 1 + 2 wrong + 1 missed)
    #expect(judged[0].f1 == 0.4)
    // Below the score nothing was found, where nothing is.
    #expect(judged[1].f1 == 1)
    #expect(judged[2].wrong.map(\.categoryID) == [3])
    #expect(judged[2].missed.map(\.categoryID) == [9])
    #expect(judged[2].f1 == 0)
  }

  @Test func theBestScoreIsTheHighestOfThoseWithTheGreatestF1() throws {
    let some = try evaluator([(1, 3, 0, 0.9), (1, 3, 50, 0.62), (7, 9, 90, 0.4)])
    #expect(some.bestScore() == 0.62)
    #expect(try evaluator([(1, 3, 90, 0.9)]).bestScore() == nil)
  }

  @Test func aComparisonAtOneOverlapIsThatOfItsAP() throws {
    // Shifted by 3 of 10 pixels: an overlap of 7/13.
    let exact = try evaluator([(1, 3, 0, 0.9), (1, 3, 50, 0.9), (7, 9, 20, 0.9)])
    let shifted = try evaluator([(1, 3, 3, 0.9), (1, 3, 53, 0.9), (7, 9, 23, 0.9)])
    let at50 = try Bootstrap.compare(
      exact, shifted, iou: 0.5, samples: 50, generator: Generator(seed: 1))
    #expect(at50.first.value == 1 && at50.second.value == 1 && !at50.isResolved)
    let overall = try Bootstrap.compare(
      exact, shifted, samples: 50, generator: Generator(seed: 1))
    #expect(overall.first.value == 1 && abs(overall.second.value - 0.1) < 1e-12)
  }
}
