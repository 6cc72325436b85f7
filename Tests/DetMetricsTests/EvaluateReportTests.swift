import DetBasics
import DetMetrics
import Testing

@Suite struct EvaluateReportTests {
  private func result() throws -> CocoResult { try Scene.evaluator(shift: 0).finish() }

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

  @Test func jsonKeepsTheTwelveNames() throws {
    let report = EvaluateReport(try result())
    let summary = try JSON.decode(CocoSummary.self, from: report.json(), source: "report")
    #expect(summary == (try result()).summary)
    let classes = try report.json(classes: true)
    #expect(classes.contains(#""classes":[{"id":1,"name":"class 1","AP":"#))
    _ = try JSON.decode(JSONValue.self, from: classes, source: "report")
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
