import DetBasics
import Foundation
import Testing

@testable import DetReport

struct WordingTests {
  @Test func pathsAreQuotedForTheShellWhenTheyNeedIt() {
    #expect(Wording.quoted("runs/a-b_1.txt") == "runs/a-b_1.txt")
    #expect(Wording.quoted("my run/it's") == "'my run/it'\\''s'")
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
