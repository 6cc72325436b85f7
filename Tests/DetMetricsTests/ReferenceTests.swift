import DetBasics
import DetMetrics
import TestSupport
import Testing

@Suite struct ReferenceTests {
  @Test func tenThousandRandomCasesEqualTheReference() throws {
    let generator = Generator(seed: 4)
    for number in 0..<10_000 {
      var stream = generator.stream("case", number)
      let one = RandomCase(&stream)
      guard try one.disagreement() != nil else { continue }
      let smallest = try one.shrunk { try $0.disagreement() != nil }
      let problem = try smallest.disagreement() ?? ""
      Issue.record("case \(number): \(problem)\n\(smallest)")
      return
    }
  }

  /// The reference itself gives pycocotools' numbers.
  @Test func theReferenceEqualsPycocotools() throws {
    for one in try Golden.read(COCOGolden.self, "coco.json").cases {
      let reference = ReferenceEvaluator(
        truth: try one.truth.groundTruth(), detections: one.found, parameters: one.cocoParameters)
      let tables = reference.tables()
      for (table, sum) in [
        (tables.precision, one.sums.precision), (tables.recall, one.sums.recall),
        (tables.scores, one.sums.scores),
      ] {
        #expect(abs(COCOCase.checksum(table) - sum) <= 1e-12 * (1 + abs(sum)), "seed \(one.seed)")
      }
    }
  }

  /// A planted fault is found, and shrinks to the one detection and truth that it needs.
  @Test func aFaultIsFoundAndShrunk() throws {
    let plant: (inout COCOParameters) -> Void = { parameters in
      parameters.iouThresholds = parameters.iouThresholds.map { $0 == 0.5 ? 0.45 : $0 }
    }
    let generator = Generator(seed: 4)
    for number in 0..<10_000 {
      var stream = generator.stream("case", number)
      var one = RandomCase(&stream)
      // A match that counts neither way takes a second truth to show.
      one.parameters.leavesIgnoredOut = false
      for place in one.annotations.indices { one.annotations[place].isCrowd = false }
      guard try one.disagreement(alter: plant) != nil else { continue }
      let smallest = try one.shrunk { try $0.disagreement(alter: plant) != nil }
      #expect(smallest.annotations.count == 1 && smallest.detections.count == 1)
      #expect("\(smallest)".contains("found: image"))
      return
    }
    Issue.record("ten thousand cases do not tell an overlap of 0.45 from one of 0.5")
  }
}
