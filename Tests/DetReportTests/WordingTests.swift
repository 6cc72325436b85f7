import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetReport

struct PlotlyFileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func theEnvironmentGoesFirst() throws {
    let path = try folder.write("mine.js", "mine")
    #expect(try PlotlyFile.text(environment: ["SMNAS_PLOTLY": path], executable: "/") == "mine")
  }

  @Test func itIsFoundAboveTheProgram() throws {
    try folder.write(".deps/plotly/plotly.min.js", "found")
    let text = try PlotlyFile.text(
      environment: [:], executable: folder.file(".build/release/smnas"), workingFolder: "/")
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
