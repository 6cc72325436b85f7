import DetBasics
import DetExecution

extension HTMLReport {
  /// Writes a run's page and says where it is.
  ///
  /// - Parameters:
  ///   - run: the run's folder.
  ///   - path: the page's file; nil for `report.html` in the folder.
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
    if let path {
      try AtomicFile.write(page, to: path)
      return (path, model)
    }
    let own = RunFolder(run).report
    do {
      try AtomicFile.write(page, to: own)
    } catch let error as FileError {
      throw FileError(
        path: error.path, problem: error.problem,
        cure: "add --output FILE to write the page to another place", errorNumber: error.errorNumber
      )
    }
    return (own, model)
  }
}
