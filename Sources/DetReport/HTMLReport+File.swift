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
    let path = path ?? RunFolder(run).report
    try AtomicFile.write(render(model, plotly: plotly), to: path)
    return (path, model)
  }
}
