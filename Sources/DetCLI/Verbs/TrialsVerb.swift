import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas trials DIR`: every trial of a run.
enum TrialsVerb: Verb {
  static let name = "trials"
  static let summary = "list the trials of a run; with --json, a table for simulate"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let stage = Option<SearchStage>("--stage", "STAGE", "only this stage")
  static let syntax = Syntax(folder, stage, Flag.json)
  static let discussion = """
    With --json one object a line: id stage design outcome metrics seconds, and where there is one pick, origin, parent, reason,
    signal, data ("earlier" when the data have changed since it was judged). The outcome of a trial under way is "running", of one to be done again "interrupted".
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let snapshot = try RunSnapshot(arguments[folder])
    let trials = snapshot.trials.filter { $0.stage == arguments[stage] ?? $0.stage }
    if arguments[Flag.json] {
      for trial in trials {
        try context.output.jsonLine(
          Trial.Line(
            trial, whileSearching: snapshot.isActive,
            isOfOtherData: snapshot.otherData.contains(trial.id)))
      }
      return .done
    }
    let wanted = snapshot.plan.stages.flatMap { snapshot.plan.objectives(of: $0) }
    let metrics = wanted.enumerated().filter { wanted.firstIndex(of: $1) == $0 }.map(\.element)
    let titles = metrics.map(\.descriptor.title)
    var table = TextTable(["trial", "stage", "outcome"] + titles + ["time", "from", "design"])
    for trial in trials {
      table.add(
        [
          "\(trial.id)", trial.stage.rawValue,
          trial.words(whileSearching: snapshot.isActive)
            + (snapshot.otherData.contains(trial.id) ? ", by earlier data" : ""),
        ] + metrics.map { $0.cell(trial.metrics) } + [
          trial.result.map { Durations.text(seconds: $0.seconds) } ?? "-",
          trial.suggestion.origin.parent.map { "trial \($0)" } ?? trial.suggestion.origin.name,
          trial.design.text,
        ])
    }
    try context.output.line(table.text)
    if let note = Metric.footnote(trials.map(\.metrics)) { try context.output.line(note) }
    return .done
  }
}
