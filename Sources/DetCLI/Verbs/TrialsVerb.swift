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
  static let epochs = Flag("--epochs", "with --json, also what each epoch reported")
  static let syntax = Syntax(folder, stage, epochs, Flag.json)
  static let discussion = """
    With --json one object a line: id stage design outcome metrics seconds, and where there is one pick, origin, parent, reason,
    signal, proof (of a pruned design: what beats it), stopping (of a training that ended early: after which epoch, and what beats it),
    cached (who paid: run, trial, secondsPaid), data ("earlier" when the data have changed since it was judged). The outcome of a trial under way is "running", of one to be done again "interrupted".
    Among the metrics, latency is in milliseconds, the median at the full load; latencyDisturbed is 1 when the machine was not calm, and
    latencyOwnLoad is the time with what the trained weights find.
    """

  /// A trial as a row of a table for simulate.
  private struct TableLine: Encodable {
    let line: Trial.Line
    let epochs: [RecordedTable.Epoch]?

    func encode(to encoder: any Encoder) throws {
      try line.encode(to: encoder)
      var container = encoder.container(keyedBy: Trial.CodingKeys.self)
      try container.encodeIfPresent(epochs, forKey: .epochs)
    }
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    guard arguments[Flag.json] || !arguments[epochs] else {
      throw UsageError.rule("--epochs belongs to --json")
    }
    let snapshot = try RunSnapshot(arguments[folder])
    let trials = snapshot.trials.filter { $0.stage == arguments[stage] ?? $0.stage }
    if arguments[Flag.json] {
      for trial in trials {
        try context.output.jsonLine(
          TableLine(
            line: Trial.Line(
              trial, whileSearching: snapshot.isActive,
              isOfOtherData: snapshot.otherData.contains(trial.id)),
            epochs: arguments[epochs] ? snapshot.epochs(ofTrial: trial.id) : nil))
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
          (trial.suggestion.origin.parent.map { "trial \($0)" } ?? trial.suggestion.origin.name)
            + (trial.repeats == nil ? "" : " again")
            + (trial.result?.cached.map { "; \($0.words)" } ?? ""),
          trial.design.text,
        ])
    }
    try context.output.line(table.text)
    for stage in snapshot.plan.stages where arguments[self.stage] ?? stage == stage {
      let results = trials.filter { $0.stage == stage }.map(\.metrics)
      let notes = LatencyNotes.lines(results, devices: try snapshot.latencyDevices(of: stage))
      for note in notes {
        try context.output.line(
          snapshot.plan.stages.count > 1 ? "\(stage.rawValue) stage: \(note)" : note)
      }
    }
    return .done
  }
}
