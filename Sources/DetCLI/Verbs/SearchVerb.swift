import DetBasics
import DetCommand
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import DetTask
import Foundation

/// `smnas search PLAN --run DIR`: the search itself.
enum SearchVerb: Verb {
  static let name = "search"
  static let summary = "carry a plan out: design, train, measure, compare"
  static let plan = Argument<String>("PLAN", "the plan's file")
  static let run = RequiredOption<String>("--run", "DIR", "the folder of the run")
  static let resume = Flag("--resume", "continue the run in the folder")
  static let workers = Option<Count>(
    "--workers", "N", "trials at the same time, instead of the plan's")
  static let seed = Option<Seed>("--seed", "S", "the seed, instead of the plan's")
  static let maxTrials = Option<Count>(
    "--max-trials", "N", "stop when the run has N evaluated trials; it can be resumed")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "only this stage: structural or modular")
  static let syntax = Syntax(plan, run, resume, workers, seed, maxTrials, stage, Flag.json)
  static let discussion = """
    Every trial is a process; what it reports is kept in DIR at once. Killed at any moment and started again with --resume, the
    search continues where it was; trials under way are done again with the same design and seed. Ctrl-C stops cleanly.

    smnas search Examples/trees.json --run runs/trees
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let source = arguments[plan]
    let file = try PlanFile(source)
    var plan = file.plan
    if let workers = arguments[workers] { plan.runner.workers = workers.value }
    if let seed = arguments[seed] { plan.seed = seed.value }
    let stages = try stages(plan, arguments[stage])
    let sets = try file.loadSets()
    let data = sets.map(DataSummary.init)
    let folder = arguments[run]
    let session =
      try arguments[resume]
      ? Run.resume(folder, plan: plan)
      : Run.begin(folder, plan: plan, versions: versions(plan, context))
    try writeTruth(sets, to: session.folder.truth)
    for line in sets?.accountLines ?? [] { context.log("  \(line)") }
    let coordinator = try coordinator(session, stages, data, arguments, context)
    Interruption.watch()
    let end = try coordinator.run()
    if end == .complete { measureFront(session, context) }
    return try finish(session, end, source: source, arguments, context)
  }

  /// Leaves the validation annotations in COCO format, so that anyone can score the trials' detections again.
  private static func writeTruth(_ sets: TrainingSets?, to path: String) throws {
    guard let sets, !FileManager.default.fileExists(atPath: path) else { return }
    try COCOTruthFile.write(GroundTruth(sets.validation), to: path)
  }

  private static func stages(_ plan: Plan, _ wanted: SearchStage?) throws -> [SearchStage] {
    guard let wanted else { return plan.stages }
    guard plan.stages.contains(wanted) else {
      throw UsageError.rule("--stage is \(wanted.rawValue), but the plan has no such section")
    }
    return [wanted]
  }

  private static func coordinator(
    _ session: Run, _ stages: [SearchStage], _ data: DataSummary?, _ arguments: Arguments,
    _ context: Context
  ) throws -> Coordinator {
    let plan = session.plan
    var settings = Coordinator.Settings(plan: plan, stages: stages, folder: session.folder)
    settings.threads = plan.runner.threads(cores: ProcessInfo.processInfo.activeProcessorCount)
    settings.maxTrials = arguments[maxTrials]?.value ?? .max
    let runner = try plan.runner.makeRunner(worker: context.torch.worker())
    let coordinator = try Coordinator(
      settings: settings, store: session.store, runner: runner, cost: plan.costModel(data))
    let line = ProgressLine(context, plan: plan)
    coordinator.onTrial = { line.show($0) }
    coordinator.onProgress = { line.show($0) }
    coordinator.shouldStop = { Interruption.isRequested }
    return coordinator
  }

  private static func versions(_ plan: Plan, _ context: Context) throws -> [String: String] {
    let system = ProcessInfo.processInfo
    var versions = [
      Program.name: Program.version, "sqlite": Store.engineVersion,
      "system": system.operatingSystemVersionString,
      "cores": "\(system.activeProcessorCount)",
      "memory": "\(system.physicalMemory >> 20) MiB",
    ]
    // A command of the plan's own trains with something else.
    if plan.runner.command == nil { versions["libtorch"] = try context.torch.devices().libtorch }
    return versions
  }

  // MARK: - The end

  /// Measures the front again in one go, where its latencies decide and its weights are there. A search whose trials are done does
  /// not fail by it.
  private static func measureFront(_ session: Run, _ context: Context) {
    let plan = session.plan
    guard plan.latency.measuresFront, plan.runner.command == nil || plan.latency.command != nil
    else { return }
    do {
      let snapshot = try RunSnapshot(session.folder.path)
      let stage = snapshot.latestStage
      guard plan.objectives(of: stage).contains(.latency), let front = snapshot.front(of: stage)
      else { return }
      let members = Set(front.members.map(\.trial))
      let trials = snapshot.trials.filter { members.contains($0.id) && session.isMeasurable($0) }
      guard !trials.isEmpty else { return }
      context.log(
        "measuring the \(trials.count) members of the front again, interleaved with one another")
      let readings = try LatencyRound(session, context).measure(trials)
      for (trial, reading) in readings.sorted(by: { $0.key < $1.key }) {
        for warning in reading.warnings { context.log("trial \(trial): \(warning)") }
      }
    } catch {
      context.log(
        "\(Program.name): the front was not measured again: \(error); try \(Program.name) measure "
          + session.folder.path)
    }
  }

  private struct Summary: Encodable {
    let version = 1
    let end: String
    let run: String
    let trials: Int
    let finished: Int
    let front: Front?
  }

  private static func finish(
    _ session: Run, _ end: Coordinator.End, source: String, _ arguments: Arguments,
    _ context: Context
  ) throws -> ExitCode {
    let snapshot = try RunSnapshot(session.folder.path)
    let front = snapshot.front(of: snapshot.latestStage)
    let done = snapshot.trials.count { $0.outcome?.wasEvaluated == true }
    if arguments[Flag.json] {
      let words: [Coordinator.End: String] = [
        .complete: "complete", .limit: "limit", .interrupted: "interrupted",
      ]
      try context.output.json(
        Summary(
          end: words[end] ?? "", run: session.folder.path, trials: done,
          finished: snapshot.trials.count { $0.isFinished }, front: front))
    } else if let front, !front.members.isEmpty {
      try context.output.line(front.table)
    }
    if end != .complete {
      context.log(
        "\(Program.name): stopped; the \(done) trials that ended are kept in \(session.folder.path). Go on with: "
          + "\(Program.name) search \(source) --run \(session.folder.path) --resume")
    }
    if end == .interrupted { throw Interruption() }
    guard front?.members.isEmpty == false || end == .limit else {
      context.log(
        "\(Program.name): no trial finished; see \(Program.name) trials \(session.folder.path)")
      return .failed
    }
    return .done
  }
}
