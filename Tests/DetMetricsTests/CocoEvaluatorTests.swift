import DetBasics
import DetMetrics
import Foundation
import Testing

private struct CocoGolden: Decodable {
  let pycocotools: String
  let numpy: String
  let cases: [CocoCase]
}

@Suite struct CocoEvaluatorTests {
  @Test func everyNumberEqualsPycocotools() throws {
    let golden = try Golden.read(CocoGolden.self, "coco.json")
    #expect(golden.pycocotools == "2.0.11")
    for (number, one) in golden.cases.enumerated() {
      #expect(try one.disagreements(threads: 1 + number % 2) == [])
    }
  }
}

/// Goldens/compare_random.py makes as many cases as one likes; this reads them.
@Suite struct CocoRandomTests {
  private static let path = ProcessInfo.processInfo.environment["DETMETRICS_CASES"]

  @Test(.enabled(if: path != nil, "set DETMETRICS_CASES; see Goldens/compare_random.py"))
  func everyNumberEqualsPycocotools() throws {
    let content = JSONLinesContent(try TextFile.bytes(Self.path ?? ""))
    #expect(!content.lines.isEmpty)
    for (number, line) in content.lines.enumerated() {
      let one = try JSON.decode(CocoCase.self, from: line.text, source: "line \(line.number)")
      #expect(try one.disagreements(threads: 1 + number % 2) == [])
    }
  }
}
