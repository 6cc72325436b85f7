import DetBasics
import DetCommand
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import Foundation

/// `smnas status DIR`: how far a run is, also while it is running.
enum StatusVerb: Verb {
  static let name = "status"
  static let summary = "how far a run is: trials, front, failures, rate, time left"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let syntax = Syntax(folder, Flag.json)
  static let discussion = """
    The rate is that of the last ten trials that ended; the time left goes by the mean time of a stage's trials so far, with the plan's
    workers, and is not known before the first has ended.
    """

  private struct Report: Encodable {
    let version = 1
    let name: String
    let isActive: Bool
    let stages: [Stage]
    /// Seconds of work of all workers together.
    let trialSeconds: Double
    /// Trials an hour, by the last ten that ended; nil before the second has.
    let trialsAnHour: Double?
  }

  private struct Stage: Encodable {
    let stage: SearchStage
    let planned: Int
    let evaluated: Int
    let open: Int
    let outcomes: [String: Int]
    let frontSize: Int
    let hypervolume: Double
    /// Seconds until it is over; nil before a trial of it has ended.
    let secondsLeft: Double?
    /// What the latencies were taken on; nil where nobody said it.
    let latencyDevice: String?
    /// Finished trials whose latency was taken while the machine was disturbed.
    let disturbedLatencies: Int
    /// How far latencies at the full load order the trials as those with what the weights find; nil with too few of both.
    let loadCorrelation: RankCorrelation?

    /// What there is to say of the latencies, a line for each thing.
    var latencyLines: [String] {
      [
        latencyDevice.map { "latencies on \($0)" },
        disturbedLatencies > 0
          ? "\(disturbedLatencies) of them disturbed; smnas measure DIR --all takes them again"
          : nil,
        loadCorrelation.map {
          "order by latency at the full load against that with what each detector finds: \($0.words)"
        },
      ].compactMap { $0 }.map { "\(stage.rawValue): \($0)" }
    }
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let snapshot = try RunSnapshot(arguments[folder])
    let report = Report(
      name: snapshot.plan.name, isActive: snapshot.isActive,
      stages: try snapshot.plan.stages.map { try stage($0, snapshot) },
      trialSeconds: snapshot.trials.reduce(0) { $0 + ($1.result?.seconds ?? 0) },
      trialsAnHour: try snapshot.trialsAnHour())
    if let note = snapshot.dataNote { context.log("\(Program.name): \(note)") }
    if arguments[Flag.json] {
      try context.output.json(report)
    } else {
      try context.output.line(text(report, snapshot))
    }
    return .done
  }

  private static func stage(_ stage: SearchStage, _ snapshot: RunSnapshot) throws -> Stage {
    let trials = snapshot.trials.filter { $0.stage == stage }
    var outcomes: [String: Int] = [:]
    for trial in trials {
      if let kind = trial.outcome?.kind { outcomes[kind.rawValue, default: 0] += 1 }
    }
    let objectives = snapshot.plan.objectives(of: stage)
    let finished = snapshot.comparable.filter { $0.stage == stage && $0.isFinished }
    return Stage(
      stage: stage, planned: snapshot.plan.plannedTrials(of: stage),
      evaluated: trials.count { $0.outcome?.wasEvaluated == true },
      open: trials.count { $0.result == nil }, outcomes: outcomes,
      frontSize: snapshot.fronts(of: stage)?.members.count ?? 0,
      hypervolume: HypervolumeTrack.shares(
        of: finished.map { Front.point($0.metrics, objectives) }, objectives: objectives
      ).last ?? 0,
      secondsLeft: try snapshot.secondsLeft(of: stage),
      latencyDevice: try snapshot.latencyDevice(of: stage),
      disturbedLatencies: finished.count { $0.metrics.hasDisturbedLatency },
      loadCorrelation: RankCorrelation(loadsOf: finished))
  }

  private static func text(_ report: Report, _ snapshot: RunSnapshot) -> String {
    var lines = [
      "\(report.name): \(report.isActive ? "a search is at work in it" : "no search is at work in it")"
        + ", \(Durations.text(seconds: report.trialSeconds)) of trials so far"
        + (report.trialsAnHour.map { ", \($0.figures(3)) trials an hour" } ?? "")
    ]
    var table = TextTable([
      "stage", "evaluated", "of", "open", "finished", "front", "hypervolume", "left",
    ])
    for stage in report.stages {
      table.add([
        stage.stage.rawValue, "\(stage.evaluated)", "\(stage.planned)", "\(stage.open)",
        "\(stage.outcomes["finished"] ?? 0)", "\(stage.frontSize)", stage.hypervolume.fixed(3),
        stage.secondsLeft.map(Durations.text) ?? "-",
      ])
    }
    lines.append(table.text)
    lines += report.stages.flatMap(\.latencyLines)
    for trial in snapshot.trials where trial.result == nil {
      lines.append(
        "trial \(trial.id) \(trial.words(whileSearching: report.isActive)): \(trial.design)"
      )
    }
    for trial in snapshot.trials where trial.isFailure {
      let reason = trial.outcome?.reason.map { ": \($0)" } ?? ""
      lines.append(
        "trial \(trial.id) \(trial.words(whileSearching: report.isActive))\(reason)")
    }
    return lines.joined(separator: "\n")
  }
}
