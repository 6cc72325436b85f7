import DetBasics
import DetMetrics
import Foundation
import TestSupport
import Testing

struct COCOGolden: Decodable {
  let pycocotools: String
  let numpy: String
  let cases: [COCOCase]
}

@Suite struct COCOEvaluatorTests {
  @Test func everyNumberEqualsPycocotools() throws {
    let golden = try Golden.read(COCOGolden.self, "coco.json")
    #expect(golden.pycocotools == "2.0.11")
    for (number, one) in golden.cases.enumerated() {
      let problems = try one.disagreements(threads: 1 + number % 2)
      #expect(problems == [])
    }
  }
}

/// Goldens/compare_random.py makes as many cases as one likes, and calls this on them.
@Suite struct COCORandomTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let path = environment["DETMETRICS_CASES"]

  /// The numbers of the cases that fail go to DETMETRICS_FAILED, one a line.
  @Test(.enabled(if: path != nil, "run Goldens/compare_random.py"))
  func everyNumberEqualsPycocotools() throws {
    let content = JSONLinesContent(try Files.bytes(Self.path ?? ""))
    #expect(!content.lines.isEmpty)
    var failed: [Int] = []
    for (number, line) in content.lines.enumerated() {
      let one = try JSONDecoder().decode(COCOCase.self, from: Data(line.text.utf8))
      #expect(one.bits != nil)
      let problems = try one.disagreements(threads: 1 + number % 2)
      #expect(problems == [])
      if !problems.isEmpty { failed.append(number) }
    }
    if let place = Self.environment["DETMETRICS_FAILED"] {
      try AtomicFile.write(failed.map { "\($0)\n" }.joined(), to: place)
    }
  }
}

@Suite struct COCOStreamingTests {
  @Test func imageByImageEqualsAllAtOnceInAnyOrderOfImages() throws {
    let golden = try Golden.read(COCOGolden.self, "coco.json")
    for one in golden.cases.prefix(12) {
      let truth = try one.truth.groundTruth()
      var whole = COCOEvaluator(truth: truth, parameters: one.cocoParameters)
      try whole.add(contentsOf: one.found)
      var streamed = COCOEvaluator(truth: truth, parameters: one.cocoParameters)
      for image in truth.images.reversed() {
        try streamed.add(
          image: image.id, detections: one.found.filter { $0.imageID == image.id })
      }
      #expect(streamed.finish() == whole.finish())
    }
  }

  @Test func aResultsFileGivesWhatItsDetectionsGive() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("results.json")
    let golden = try Golden.read(COCOGolden.self, "coco.json")
    for one in golden.cases.prefix(6) {
      let truth = try one.truth.groundTruth()
      var whole = COCOEvaluator(truth: truth)
      try whole.add(contentsOf: one.found)
      try COCOResultsFile.write(one.found, to: path)
      var read = COCOEvaluator(truth: truth)
      try read.add(resultsFile: path)
      #expect(read.finish() == whole.finish())
    }
  }

  @Test func whatTheTruthLacksIsRefused() throws {
    var evaluator = COCOEvaluator(truth: try Scene.truth([(1, 1, [0, 0, 10, 10])]))
    let stranger = Scene.detection(77, 1, [0, 0, 1, 1], 0.5)
    #expect(throws: MetricsError.unknownImage(list: "detections", index: 0, id: 77)) {
      try evaluator.add(contentsOf: [stranger])
    }
    let nameless = Scene.detection(1, 9, [0, 0, 1, 1], 0.5)
    #expect(
      throws: MetricsError.unknownCategory(list: "detections", index: 0, id: 9, known: [1, 2])
    ) { try evaluator.add(contentsOf: [nameless]) }
    evaluator.skipsUnknownCategories = true
    try evaluator.add(contentsOf: [nameless])
    #expect(evaluator.skippedDetections == 1 && evaluator.count == 0)
    for bad in [
      Scene.detection(1, 1, [0, 0, -1, 1], 0.5), Scene.detection(1, 1, [0, 0, 1, 1], .nan),
      Scene.detection(1, 1, [.infinity, 0, 1, 1], 0.5), stranger,
    ] {
      #expect(throws: MetricsError.self) { try evaluator.add(image: 1, detections: [bad]) }
    }
  }

  @Test func withoutTruthEveryNumberIsMinusOne() throws {
    var evaluator = COCOEvaluator(truth: try Scene.truth([]))
    try evaluator.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 10], 0.5)])
    #expect(evaluator.finish().summary.named.allSatisfy { $0.value == -1 })
    let empty = try GroundTruth(images: [], categories: [], annotations: [])
    #expect(COCOEvaluator(truth: empty).finish().summary.AP == -1)
  }

  @Test func theAnnotationWithIDZeroCanBeMatchedOnRequest() throws {
    let whole = try Scene.truth([(1, 1, [0, 0, 10, 10])])
    var zero = whole.annotations
    zero[0].id = 0
    let truth = try GroundTruth(
      images: whole.images, categories: whole.categories, annotations: zero)
    let hit = Scene.detection(1, 1, [0, 0, 10, 10], 0.5)
    var strict = COCOEvaluator(truth: truth)
    try strict.add(contentsOf: [hit])
    #expect(strict.finish().summary.AP == 0)
    var parameters = COCOParameters()
    parameters.matchesIDZero = true
    var sensible = COCOEvaluator(truth: truth, parameters: parameters)
    try sensible.add(contentsOf: [hit])
    #expect(abs(sensible.finish().summary.AP - 1) < 1e-12)
  }

  @Test func curvesFallAndNameTheirScores() throws {
    let result = try Scene.evaluator(shift: 0).finish()
    let curve = result.curve(category: 2, iou: 0.5)
    #expect(curve.count == 101)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.precision >= $1.precision })
    #expect(curve.last?.precision == 1 && curve.last?.score == 0.9 - 0.05 * 9)
    #expect(result.curve(category: 5) == [])
    #expect(result.curve(category: 1, iou: 0.33) == [])
  }
}
