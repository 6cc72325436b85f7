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

  private struct PickState: Encodable {
    let name: String
    let evaluated: Int
    let finished: Int
    let frontSize: Int
    let hypervolume: Double
  }

  private struct Stage: Encodable {
    let stage: SearchStage
    let planned: Int
    let evaluated: Int
    let open: Int
    let outcomes: [String: Int]
    let frontSize: Int
    let hypervolume: Double
    /// In stage two, the fronts of the picks: theirs are what counts, and the hypervolume above is their mean.
    let picks: [PickState]?
    /// Who chose the designs, where a model searches.
    let model: ModelShare?
    /// Seconds until it is over; nil before a trial of it has ended.
    let secondsLeft: Double?
    /// What the latencies were taken on; nil where nobody said it.
    let latencyDevice: String?
    /// Finished trials whose latency was taken while the machine was disturbed.
    let disturbedLatencies: Int
    /// How far latencies at the full load order the trials as those with what the weights find; nil with too few of both.
    let loadCorrelation: RankCorrelation?

    /// What there is to say of who chose, and of the latencies, a line for each thing.
    var lines: [String] {
      [
        model?.words,
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
    let picks = pickStates(stage, snapshot)
    let finished = snapshot.comparable.filter { $0.stage == stage && $0.isFinished }
    return Stage(
      stage: stage, planned: snapshot.plan.plannedTrials(of: stage),
      evaluated: trials.count { $0.outcome?.wasEvaluated == true },
      open: trials.count { $0.result == nil }, outcomes: outcomes,
      frontSize: snapshot.fronts(of: stage)?.members.count ?? 0,
      hypervolume: picks.map {
        $0.isEmpty ? 0 : $0.reduce(0) { $0 + $1.hypervolume } / Double($0.count)
      }
        ?? share(of: finished, snapshot.plan.objectives(of: stage)),
      picks: picks, model: ModelShare(of: trials, stage: stage, in: snapshot.plan),
      secondsLeft: try snapshot.secondsLeft(of: stage),
      latencyDevice: try snapshot.latencyDevices(of: stage)[.latency],
      disturbedLatencies: finished.count { $0.metrics.hasDisturbedLatency },
      loadCorrelation: RankCorrelation(loadsOf: finished))
  }

  /// The share of the ideal hypervolume that some trials cover.
  private static func share(of finished: [Trial], _ objectives: [Metric]) -> Double {
    HypervolumeTrack.shares(
      of: finished.map { Front.point($0.metrics, objectives) }, objectives: objectives
    ).last ?? 0
  }

  private static func pickStates(
    _ stage: SearchStage, _ snapshot: RunSnapshot
  ) -> [PickState]? {
    guard stage == .modular, let fronts = snapshot.fronts(of: stage)?.fronts else { return nil }
    return fronts.enumerated().map { number, front in
      let own = snapshot.comparable.filter {
        $0.stage == stage && $0.suggestion.pick == number
      }
      let finished = own.filter(\.isFinished)
      let all = snapshot.judgedByTheseData.filter {
        $0.stage == stage && $0.suggestion.pick == number
      }
      return PickState(
        name: front.pick?.name ?? "", evaluated: all.count { $0.outcome?.wasEvaluated == true },
        finished: finished.count, frontSize: front.members.count,
        hypervolume: share(of: finished, front.objectives))
    }
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
      for pick in stage.picks ?? [] {
        table.add([
          "  around \(pick.name)", "\(pick.evaluated)", "", "", "\(pick.finished)",
          "\(pick.frontSize)", pick.hypervolume.fixed(3), "",
        ])
      }
    }
    lines.append(table.text)
    lines += report.stages.flatMap(\.lines)
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
