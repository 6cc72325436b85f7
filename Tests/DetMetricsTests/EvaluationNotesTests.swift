import DetMetrics
import Testing

/// What is said beside the numbers of an evaluation.
struct EvaluationNotesTests {
  private func notes(
    _ truth: GroundTruth, _ detections: [DetectionEntry], limits: [Int] = [1, 10, 100]
  ) throws -> [String] {
    var evaluator = COCOEvaluator(
      truth: truth, parameters: COCOParameters(detectionLimits: limits))
    try evaluator.add(contentsOf: detections)
    return EvaluationNotes(evaluator, evaluator.finish()).lines
  }

  private func truth(ids: [Int64], boxes: [[Double]]) throws -> GroundTruth {
    try GroundTruth(
      images: [.init(id: 7)], categories: [.init(id: 1, name: "tree")],
      annotations: zip(ids, boxes).map { id, box in
        .init(
          id: id, imageID: 7, categoryID: 1,
          box: COCOBox(x: box[0], y: box[1], width: box[2], height: box[3]))
      })
  }

  private func boxes(_ count: Int) -> [[Double]] {
    (0..<count).map { [Double($0 % 20) * 12, Double($0 / 20) * 12, 10, 10] }
  }

  @Test func annotationZeroIsNamedWithTheNumberOfOtherTools() throws {
    let all = boxes(2)
    let found = all.map { Scene.detection(7, 1, $0, 0.9) }
    let lines = try notes(truth(ids: [0, 1], boxes: all), found)
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix("annotation 0 never counts as found"))
    #expect(lines[0].contains("give AP 1.000, AP50 1.000"))
    #expect(try notes(truth(ids: [1, 2], boxes: all), found).isEmpty)
    // Where nothing is on it, the oddity changes nothing.
    #expect(try notes(truth(ids: [0, 1], boxes: all), [found[1]]).isEmpty)
  }

  @Test func objectsAndDetectionsBeyondTheLimitAreCounted() throws {
    let all = boxes(160)
    let found = all.map { Scene.detection(7, 1, $0, 0.9) }
    let crowded = try truth(ids: (1...160).map { Int64($0) }, boxes: all)
    #expect(
      try notes(crowded, found) == [
        "1 image has more than 100 truths of a class (up to 160), of which at most 100 can be found; "
          + "1 image has more than 100 detections of a class, of which 60 are not judged; "
          + "--max-dets 1,10,160 judges all"
      ])
    #expect(try notes(crowded, found, limits: [1, 10, 160]).isEmpty)
    let few = try truth(ids: [1], boxes: boxes(1))
    #expect(try notes(few, Array(found.prefix(100))).isEmpty)
    #expect(
      try notes(few, Array(found.prefix(101))) == [
        "1 image has more than 100 detections of a class, of which 1 are not judged; --max-dets 1,10,101 judges all"
      ])
  }

  @Test func recallsAreNamedByTheirLimits() throws {
    var evaluator = COCOEvaluator(
      truth: try truth(ids: [1], boxes: boxes(1)),
      parameters: COCOParameters(detectionLimits: [1, 10, 400]))
    try evaluator.add(contentsOf: [Scene.detection(7, 1, boxes(1)[0], 0.9)])
    let names = evaluator.finish().namedNumbers.map(\.name)
    #expect(names[6...8] == ["AR1", "AR10", "AR400"])
    #expect(Set(names).count == 12)
  }
}
