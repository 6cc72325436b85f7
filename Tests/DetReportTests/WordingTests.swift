import DetBasics
import Foundation
import Testing

@testable import DetReport

struct WordingTests {
  @Test(arguments: [
    (0, "0"), (950, "950"), (999.6, "1.00 k"), (16_234_180, "16.2 M"), (9_996_000, "10.0 M"),
    (123_456_789_000, "123 G"), (1.5e12, "1.50 T"),
  ])
  func amountsHaveThreeFigures(value: Double, text: String) {
    #expect(Wording.amount(value) == text)
  }

  @Test func everyMetricIsWrittenInItsUnit() {
    #expect(Wording.value("AP", 0.41234) == "0.412")
    #expect(Wording.value("latency", 31.21) == "31.2 ms")
    #expect(Wording.value("macs", 1.23e9) == "1.23 G")
    #expect(Wording.value("AP", nil) == "–")
    #expect(Wording.value("AP", .nan) == "–")
  }

  @Test func pathsAreQuotedForTheShellWhenTheyNeedIt() {
    #expect(Wording.quoted("runs/a-b_1.txt") == "runs/a-b_1.txt")
    #expect(Wording.quoted("my run/it's") == "'my run/it'\\''s'")
  }

  @Test func theTerminalTableHasOneLinePerMember() {
    let model = SampleModel.small
    let lines = TableReport.front(model.stages[0], of: model).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("name  design"))
    #expect(lines[1].hasPrefix("C0    "))
  }
}

struct PlotlyFileTests {
  @Test func theEnvironmentGoesFirst() throws {
    let path = NSTemporaryDirectory() + "plotly-\(UUID().uuidString).js"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write("mine", to: path)
    #expect(try PlotlyFile.text(environment: ["SMNAS_PLOTLY": path], executable: "/") == "mine")
  }

  @Test func itIsFoundAboveTheProgram() throws {
    let root = NSTemporaryDirectory() + "plotly-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try TextFile.makeFolder(root + "/.deps/plotly")
    try AtomicFile.write("found", to: root + "/.deps/plotly/plotly.min.js")
    let text = try PlotlyFile.text(
      environment: [:], executable: root + "/.build/release/smnas", workingFolder: "/")
    #expect(text == "found")
  }

  @Test func whenItIsMissingTheCureIsNamed() throws {
    let error = #expect(throws: FileError.self) {
      try PlotlyFile.text(environment: [:], executable: "/nowhere/smnas", workingFolder: "/nowhere")
    }
    #expect(
      error?.cure
        == "run make setup in the project's folder, or set SMNAS_PLOTLY to a plotly.min.js")
  }
}
