import DetBasics
import DetCommand
import DetReport
import DetSearch

/// `smnas report DIR`: the run as one page.
enum ReportVerb: Verb {
  private struct Answer: Encodable {
    let report: String
    let trials: Int
    let finished: Int
    let front: Int
    let pictures: Int
  }

  static let name = "report"
  static let summary = "writes a run as one HTML page that works offline"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let output = Option<String>("--output", "FILE", "the page (default DIR/report.html)")
  static let syntax = Syntax(folder, output, Flag.json)
  static let discussion = """
    The page holds the front, every trial, learning curves, failures, pictures and the plan. It loads
    nothing from a network and can be sent to others as it is. A run may be reported while it is running.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let (path, model) = try HTMLReport.write(
      run: arguments[folder], to: arguments[output], environment: context.environment,
      executable: context.executable)
    if arguments[Flag.json] {
      try context.output.json(
        Answer(
          report: path, trials: model.trials.count,
          finished: model.trials.count { $0.record.isFinished },
          front: model.stages.last?.fronts.reduce(0) { $0 + $1.members.count } ?? 0,
          pictures: model.pictures.count))
    } else {
      try context.output.line(path)
    }
    return .done
  }
}
