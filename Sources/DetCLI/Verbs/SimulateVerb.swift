import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas simulate PLAN`: a search over recorded trials, or over made-up ones.
enum SimulateVerb: Verb {
  static let name = "simulate"
  static let summary = "the same search on recorded or made-up trials, on simulated time"
  static let plan = Argument<String>("PLAN", "the plan's file")
  static let table = Option<String>(
    "--table", "FILE",
    "recorded trials, one JSON object a line (default: results made up from costs)")
  static let images = DefaultOption<Count>(
    "--images", "N", "images of an epoch, for results that are made up", default: Count(1000))
  static let faults = Option<Share>("--faults", "SHARE", "the share of trainings that crash")
  static let workers = Option<Count>("--workers", "N", "workers, instead of the plan's")
  static let seed = Option<Seed>("--seed", "S", "the seed, instead of the plan's")
  static let maxTrials = Option<Count>("--max-trials", "N", "stop after N evaluated trials")
  static let syntax = Syntax(plan, table, images, faults, workers, seed, maxTrials, Flag.json)
  static let discussion = """
    Lines look like {"design": "…", "metrics": {"AP": 0.31, "latency": 21.4}, "seconds": 80}; what smnas trials DIR --json --epochs
    prints is such a table (Docs/TABLES.md). A design that the table does not have counts as failed. The plan's data are not looked at.

    Without a table results are made up: accuracy grows with multiply-accumulates, designs and seeds have luck, latency and time follow
    from costs. That shows how a search goes about its budget and its workers, not what it will find.
    """

  private struct Report: Encodable {
    let version = 1
    let trials: Int
    let finished: Int
    let pruned: Int
    let stopped: Int
    let repeated: Int
    let crashed: Int
    let missing: Int
    let simulatedSeconds: Double
    let hypervolume: [Double]
    let fronts: [StageFronts]
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    var plan = try Plan(file: arguments[plan])
    if let workers = arguments[workers] { plan.runner.atOnce = workers.value }
    if let seed = arguments[seed] { plan.seed = seed.value }
    let results: any SimulatedResults =
      try arguments[table].map { try RecordedTable(file: $0) }
      ?? CostFormula(plan, cost: plan.costModel(nil), images: arguments[images].value)
    let runner = SimulatedRunner(
      results, timeoutSeconds: plan.runner.timeoutSeconds,
      faults: arguments[faults].map { SimulatedFaults(share: $0.value, seed: plan.seed) })
    let store = try Store(path: ":memory:")
    var settings = Coordinator.Settings(plan: plan, stages: plan.stages, folder: nil)
    settings.maxTrials = arguments[maxTrials]?.value ?? .max
    settings.pausesAtEqualFailures = false
    let coordinator = try Coordinator(
      settings: settings, store: store, runner: runner, cost: plan.costModel(nil))
    Interruption.watch()
    coordinator.shouldStopNow = { Interruption.isRequested }
    if try coordinator.run() == .interrupted { throw Interruption() }
    let report = try report(
      plan, store.trials(), choices: store.choices() ?? Choices(), seconds: runner.now)
    if arguments[Flag.json] {
      try context.output.json(report)
    } else {
      try context.output.line(text(report))
    }
    return report.finished > 0 ? .done : .failed
  }

  private static func report(
    _ plan: Plan, _ trials: [Trial], choices: Choices, seconds: Double
  ) -> Report {
    let judged = trials.pooled(alike: plan.stagesTrainedAlike)
    let fronts = plan.stages.map { stage in
      StageFronts(
        of: judged, stage: stage, objectives: plan.objectives(of: stage), choices: choices)
    }
    let first = plan.stages.first ?? .structural
    let objectives = plan.objectives(of: first)
    let finished = judged.filter { $0.stage == first && $0.isFinished }
      .sorted { ($0.result?.sequence ?? 0) < ($1.result?.sequence ?? 0) }
    return Report(
      trials: trials.count { $0.outcome?.wasEvaluated == true },
      finished: trials.count { $0.isFinished },
      pruned: trials.count { $0.outcome?.kind == .pruned },
      stopped: trials.count { $0.outcome?.kind == .stopped },
      repeated: trials.count { $0.repeats != nil },
      crashed: trials.count { $0.outcome?.kind == .crashed },
      missing: trials.count { $0.outcome == SimulatedRunner.missing },
      simulatedSeconds: seconds,
      hypervolume: HypervolumeTrack.shares(
        of: finished.map { Front.point($0.metrics, objectives) }, objectives: objectives),
      fronts: fronts)
  }

  private static func text(_ report: Report) -> String {
    let counts = [
      (report.pruned, "pruned"), (report.stopped, "stopped early"),
      (report.repeated, "by another seed"), (report.crashed, "crashed"),
      (report.missing, "not in the table"),
    ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    var lines = [
      "\(report.trials.of("trial")), \(report.finished) finished\(counts), "
        + "\(Durations.text(seconds: report.simulatedSeconds)) of simulated time, "
        + "hypervolume \((report.hypervolume.last ?? 0).fixed(4))"
    ]
    for fronts in report.fronts where !fronts.members.isEmpty {
      lines += ["", fronts.tables()]
    }
    return lines.joined(separator: "\n")
  }
}
