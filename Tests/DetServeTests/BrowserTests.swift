import CommandTestSupport
import Foundation
import Testing

/// The page in a real browser, by `Tests/Browser/live_page.py`; skipped where no browser's driver is installed.
@Suite(.serialized) struct BrowserTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Browser/live_page.py").path

  private static let hasDriver =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/chromedriver") }

  /// What a debug build does slowly: only with `SMNAS_THOROUGH` set.
  private static let slow =
    ProcessInfo.processInfo.environment["SMNAS_THOROUGH"] == nil ? [] : ["thousands_of_trials"]

  @Test(
    .enabled(if: hasDriver, "there is no chromedriver: apt-get install chromium chromium-driver"),
    .timeLimit(.minutes(5)),
    arguments: slow + [
      "a_run_grows_under_the_page", "a_server_restarts", "a_search_is_killed_and_goes_on",
      "a_run_moves_away_and_comes_back", "every_control_does_what_it_says",
      "the_report_is_the_page_at_rest", "hostile_names_stay_names",
      "several_runs_beside_one_another", "on_a_phone_and_in_the_dark",
      "for_eyes_and_ears_that_read_otherwise",
    ])
  func thePageIsRightInABrowser(_ name: String) throws {
    let (status, words) = try python(name)
    #expect(status == 0, "\(words)")
  }

  @Test(
    .enabled(if: hasDriver, "there is no chromedriver: apt-get install chromium chromium-driver"))
  func everyCaseIsRun() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    for name in try python("--list").words.split(separator: "\n") {
      #expect(source.contains("\"\(name)\""), "\(name) is no argument above")
    }
  }

  private func python(_ word: String) throws -> (status: Int32, words: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Self.script, word]
    let plotly = URL(fileURLWithPath: Self.script).deletingLastPathComponent()
      .appendingPathComponent("../../.deps/plotly/plotly.min.js").standardized.path
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SMNAS": BuiltProgram.path, "SMNAS_PLOTLY": plotly]) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
