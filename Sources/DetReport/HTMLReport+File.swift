import DetBasics
import DetExecution

extension HTMLReport {
  /// Writes a run's page and says where it is.
  ///
  /// - Parameters:
  ///   - run: the run's folder.
  ///   - path: the page's file, which must be new; nil for `report.html` in the folder, whose page is renewed.
  ///   - environment: where `SMNAS_PLOTLY` may stand.
  ///   - executable: the program's path, above which plotly.js is looked for.
  /// - Returns: the page's path and what it shows.
  /// - Throws: when the run cannot be read, plotly.js is missing or the page cannot be written.
  public static func write(
    run: String, to path: String? = nil, environment: [String: String], executable: String
  ) throws -> (path: String, model: ReportModel) {
    let plotly = try PlotlyFile.text(environment: environment, executable: executable)
    let model = try ReportModel(run: run)
    let page = try render(model, plotly: plotly)
    let file = NewFile(path ?? RunFolder(run).report, option: "--output")
    guard path == nil else {
      try file.write(page)
      return (file.path, model)
    }
    do {
      if isPage(file.path) {
        try AtomicFile.write(page, to: file.path)
      } else {
        try file.write(page)
      }
    } catch let error as FileError {
      throw FileError(
        path: error.path, problem: error.problem,
        cure: "add --output FILE to write the page to another place", errorNumber: error.errorNumber
      )
    }
    return (file.path, model)
  }

  /// Whether a file is a page of this kind: the run's own is renewed as the run goes on, any other file stays.
  private static func isPage(_ path: String) -> Bool {
    (try? Files.text(path))?.contains(signature) ?? false
  }

  /// The words at the end of every page, by which it is known.
  static let signature =
    "<footer>Made by smnas · nothing in this page is loaded from a network</footer>"
}
