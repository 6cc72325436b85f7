import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import DetTask
import Foundation

/// `smnas measure DIR`: takes the latencies of trained detectors again, all in one go.
enum MeasureVerb: Verb {
  static let name = "measure"
  static let summary = "time the trained detectors of a run again, interleaved with one another"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "the stage (default: the latest with results)")
  static let all = Flag("--all", "all trials that finished, and not only the front")
  static let threads = Option<ThreadCount>(
    "--threads", "N", "threads to time with (default: those of the plan's workers)")
  static let syntax = Syntax(folder, stage, all, threads, Flag.json)
  static let discussion = """
    What disturbs the machine disturbs all detectors alike, so that their order can be trusted. The new latencies take the place of
    the old ones in the run; a plan with "latency": {"command": [...]} has them from that program, on another device, say. Latencies of
    two devices never stand side by side: on another one than the run's, or with other threads, --all is needed.
    """

  private struct Line: Encodable {
    let trial: Int
    let design: DetectorDesign
    let before: Double?
    let latency: LatencyReading
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let path = arguments[folder]
    // The run's own plan leads to the data from wherever the project lies now.
    let session = try Run.resume(path, plan: PlanFile(RunFolder(path).plan).placed)
    let snapshot = try RunSnapshot(path)
    let fronts = try snapshot.fronts(asked: arguments[stage])
    let stage = fronts.stage
    let trials =
      arguments[all]
      ? snapshot.trials.filter { $0.stage == stage } : snapshot.members(of: fronts)
    guard trials.contains(where: session.isMeasurable) else {
      throw FileError(
        path: path, problem: "has no trained detectors of the \(stage.rawValue) stage to time",
        cure: "let a search finish a trial first; trials of other programs leave no weights")
    }
    let readings = try LatencyRound(session, context).measure(
      trials, threads: arguments[threads]?.value)
    let lines = trials.compactMap { trial in
      readings[trial.id].map {
        Line(
          trial: trial.id, design: trial.design, before: trial.metrics[.latency], latency: $0)
      }
    }
    if arguments[Flag.json] {
      try context.output.json(lines)
    } else {
      try context.output.line(table(lines))
    }
    return .done
  }

  private static func table(_ lines: [Line]) -> String {
    let devices = Set(lines.flatMap(\.latency.others.keys)).sorted()
    let metrics = [.latency] + devices.map(Metric.latency(on:))
    var table = TextTable(
      ["trial"] + metrics.flatMap { [$0.name, "95 % interval"] } + ["before", "design"])
    for line in lines {
      let readings = metrics.flatMap { metric in
        let reading = line.latency.reading(of: metric)
        return [
          reading.map { Durations.milliseconds($0.runs.median) } ?? "-",
          reading?.interval.map { metric.range($0.low, $0.high) } ?? "-",
        ]
      }
      table.add(
        ["\(line.trial)"] + readings + [
          line.before.map(Durations.milliseconds) ?? "-", line.design.text,
        ])
    }
    let notes = lines.flatMap { line in
      line.latency.warnings.map { "trial \(line.trial): \($0)" }
    }
    let place = lines.lazy.compactMap(\.latency.device).first.map { "measured on \($0)" }
    return ([table.text] + [place].compactMap { $0 } + notes).joined(separator: "\n")
  }
}
