import DetBasics
import DetMetrics
import Foundation
import TestSupport
import Testing

private struct LinesGolden: Decodable {
  struct Case: Decodable {
    let truth: COCOCase.Truth
    let detections: [COCOCase.Found]
    let lines: [String]
  }
  let pycocotools: String
  let cases: [Case]
}

@Suite struct EvaluateReportTests {
  private func result() throws -> COCOResult { try Scene.evaluator(shift: 0).finish() }

  @Test func theTwelveLinesAreThoseOfPycocotools() throws {
    let lines = EvaluateReport(try result()).lines
    #expect(lines.count == 12)
    #expect(
      lines[0]
        == " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.882")
    #expect(
      lines[1].hasPrefix(
        " Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = "))
    #expect(
      lines[6].hasPrefix(
        " Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = "))
    #expect(lines[11].hasSuffix("area= large | maxDets=100 ] = -1.000"))
  }

  @Test func everyLetterIsThatOfPycocotools() throws {
    let golden = try Golden.read(LinesGolden.self, "lines.json")
    for one in golden.cases {
      var evaluator = COCOEvaluator(truth: try one.truth.groundTruth())
      try evaluator.add(contentsOf: one.detections.map(\.detection))
      #expect(EvaluateReport(evaluator.finish()).lines == one.lines)
    }
  }

  @Test func jsonHasTheTwelveNamesAtTheTopAndTheRestBeside() throws {
    let evaluator = try Scene.evaluator(shift: 2)
    let result = evaluator.finish()
    let plain = try JSON.text(EvaluateAnswer(result))
    #expect(try JSON.decode(COCOSummary.self, from: plain, source: "answer") == result.summary)
    var answer = EvaluateAnswer(result, classes: true)
    answer.errors = ErrorAnalysis(evaluator)
    answer.against = result.summary
    let text = try JSON.text(answer)
    #expect(text.contains(#""AP50":"#) && text.contains(#""against":{"AP":"#))
    #expect(text.contains(#""id":2,"name":"class 2","truths":5}"#))
    #expect(text.contains(#""errors":{"AP":"#) && text.contains(#""background":{"count":"#))
    #expect(!text.contains("comparison"))
  }

  @Test func curvesOfEveryClassAndOverlapAreRows() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("curves.csv")
    var truth = try Scene.truth([(1, 1, [0, 0, 10, 10])], categories: [1])
    truth = try GroundTruth(
      images: truth.images, categories: [GroundTruth.Category(id: 1, name: "a, \"b\"")],
      annotations: truth.annotations)
    var evaluator = COCOEvaluator(truth: truth)
    try evaluator.add(contentsOf: [Scene.detection(1, 1, [0, 0, 10, 8], 0.5)])
    try CurveFile.write(evaluator.finish(), to: NewFile(path, option: "--curves"))
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 1 + 10 * 101)
    #expect(rows[0] == "class,iou,recall,precision,score")
    #expect(rows[1].hasPrefix("\"a, \"\"b\"\"\",0.5,0.0,0.99"))
    try CurveFile.write(
      VOCEvaluation(evaluator), to: NewFile(folder.file("voc.csv"), option: "--curves"))
    let voc = try String(contentsOfFile: folder.file("voc.csv"), encoding: .utf8)
    #expect(voc == "class,recall,precision\n\"a, \"\"b\"\"\",1.0,1.0\n")
  }

  @Test func everyClassHasARow() throws {
    let table = EvaluateReport(try result()).classTable.split(separator: "\n")
    #expect(table.count == 3)
    #expect(table[2].hasPrefix("class 2       5  1.000"))
  }

  @Test func bddTakesTheMeanOfTheClasses() throws {
    let result = try result()
    let mean = (result.summary(category: 1).AP + result.summary(category: 2).AP) / 2
    #expect(abs(result.classMeanSummary.AP - mean) <= 1e-12)
  }
}
