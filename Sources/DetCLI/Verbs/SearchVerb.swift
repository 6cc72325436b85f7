import DetBasics
import DetCommand
import DetData
import DetExecution
import DetMetrics
import DetSearch
import DetSlurm
import DetSpec
import DetTask
import Foundation

/// `smnas search PLAN --run DIR`: the search itself.
enum SearchVerb: Verb {
  static let name = "search"
  static let summary = "carry a plan out: design, train, measure, compare"
  static let plan = OptionalArgument<String>(
    "PLAN", "the plan's file; a run that goes on has its own")
  static let run = RequiredOption<String>("--run", "DIR", "the folder of the run")
  static let resume = Flag("--resume", "continue the run in the folder")
  static let retryFailed = Flag(
    "--retry-failed", "continue the run, and do trials again that ended without results")
  static let rebuild = Flag(
    "--rebuild",
    "continue the run with a store made anew from the trials' own files, because it is gone or damaged"
  )
  static let acceptsData = Flag(
    "--accept-changed-data",
    "continue the run with data that have changed; trials judged before are marked and left out of fronts"
  )
  static let from = Option<String>(
    "--from", "RUN",
    "take the results of another run for equal designs, recipes and data, whatever their seeds")
  static let noCache = Flag(
    "--no-cache", "train everything, and keep nothing for other runs")
  static let workers = Option<Count>(
    "--workers", "N", "trials at the same time, instead of the plan's")
  static let seed = Option<Seed>("--seed", "S", "the seed, instead of the plan's")
  static let maxTrials = Option<Count>(
    "--max-trials", "N", "stop when the run has N evaluated trials; it can be resumed")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "only this stage: structural, modular or final")
  static let forecast = Flag(
    "--forecast",
    "say how many hours of jobs and of graphics cards the plan asks for, and search nothing")
  static let syntax = Syntax(
    plan, run, resume, retryFailed, rebuild, acceptsData, from, noCache, workers, seed, maxTrials,
    stage, forecast, Flag.json)
  static let discussion = """
    Every trial is a process; what it reports is kept in DIR at once. Killed at any moment and started again with --resume, the
    search continues where it was; trials that had not ended are done again with the same design and seed. Ctrl-C finishes the
    trials under way and stops; a second Ctrl-C stops at once.

    A fault of the surroundings (a full disk, data that are gone, a missing right) is no result: the search pauses and says what
    to mend, and --resume does those trials again. Five designs in a row that fail in the same way pause it, too; they count as
    failed, and --retry-failed does them again.

    A store (DIR/study.sqlite) that is gone, empty or damaged is never begun anew: --rebuild makes it from the records that all trials
    have in their folders, keeps the old one under another name, and goes on. What a store has lost without being damaged, as
    by a crash of the machine, is put back by --resume.

    What another run on this machine has paid for (the same design, recipe, data, seed and threads) is taken and not trained again,
    unless the plan says "cache": false. --from RUN takes the results of that run, also of other seeds. Latencies are measured
    anew in every run, for which the weights must still be there. Such trials are marked in smnas trials and in the report.

    A run goes by the data it was begun with, wherever they lie: when images, boxes or classes have changed, --resume says what
    has, and goes on with them only when --accept-changed-data is added.

    A run keeps its plan: to go on as it was begun, PLAN may be left out. A plan that is given may say more than the run's, as a stage
    that is added or a larger budget.

    With "runner": {"slurm": {...}} trials are jobs of a cluster (Docs/SLURM.md). A search that was killed finds its jobs again.

    smnas search Examples/trees.json --run runs/trees
    smnas search --resume --run runs/trees
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let file = try PlanFile(source(arguments)) { plan in
      if let workers = arguments[workers] { plan.runner.atOnce = workers.value }
      if let seed = arguments[seed] { plan.seed = seed.value }
    }
    let plan = file.plan
    let stages = try stages(plan, arguments[stage])
    if arguments[forecast] {
      let hours = try ComputeHours(file, stages: stages, run: arguments[run], context)
      if arguments[Flag.json] {
        try context.output.json(hours)
      } else {
        try context.output.line(hours.text)
      }
      return .done
    }
    let sets = try file.loadSets()
    let data = try sets.map { try DataSummary($0, for: plan) }
    let session = try session(file.placed, plan, arguments, context)
    Interruption.watch(finishing: true)
    let state = try sets.map {
      try RunData(run: session, sets: $0, accepts: arguments[acceptsData]).settle {
        context.log("\(Program.name): \($0)")
      }
    }
    if let data { try session.keepClasses(data.classes.count) }
    for line in sets?.accountLines ?? [] { context.log("  \(line)") }
    if arguments[retryFailed] {
      let again = try session.reopenFailed()
      context.log(
        "\(Program.name): \(again.count.of("trial")) without a result \(again.count == 1 ? "is" : "are") done again"
      )
    }
    let paid = try paidResults(session, state, arguments, context)
    var end = Coordinator.End.complete
    for stage in stages where end == .complete {
      let coordinator = try coordinator(
        session, stage, data, state, sets?.validation, paid, arguments, context)
      if stage == .final, let section = session.plan.final?.classification {
        let backbones = FinalBackbones(session, section, context)
        guard let weights = try backbones.trained(for: coordinator.chooseFinals()) else {
          end = .interrupted
          break
        }
        coordinator.backbones = weights
      }
      let judged = try session.countJudged()
      end = try coordinator.run()
      guard end == .complete else { break }
      // A stage that was complete before stays as it was, unless its front is still to be picked from.
      if try session.countJudged() > judged || session.isToBePickedFrom(stage, in: stages) {
        SettledLatencies(session, validation: sets?.validation, context).measure(stage)
      }
    }
    return try SearchEnd(run: session.folder, end: end, plan: arguments[Self.plan])
      .tell(json: arguments[Flag.json], context)
  }

  private static func session(
    _ placed: PlacedPlan, _ plan: Plan, _ arguments: Arguments, _ context: Context
  ) throws -> Run {
    let folder = arguments[run]
    if arguments[rebuild] {
      let (session, rebuilding) = try Run.rebuild(folder, plan: placed)
      for line in rebuilding.lines { context.log("\(Program.name): \(line)") }
      return session
    }
    guard arguments[resume] || arguments[retryFailed] else {
      return try Run.begin(folder, plan: placed, versions: versions(plan, context))
    }
    let session = try Run.resume(folder, plan: placed)
    if !session.mended.isEmpty {
      let names = session.mended.map(String.init).joined(separator: ", ")
      context.log(
        "\(Program.name): what the store had lost is put back from the trials' own records: trial \(names)"
      )
    }
    return session
  }

  /// The plan's file: the one that is named, or the own one of the run that goes on.
  private static func source(_ arguments: Arguments) throws -> String {
    if let plan = arguments[plan] { return plan }
    let folder = RunFolder(arguments[run])
    guard arguments[resume] || arguments[retryFailed] || arguments[rebuild] || arguments[forecast]
    else {
      throw UsageError.rule(
        folder.isBegun
          ? "PLAN is missing; to go on with the run in \(folder.path.oneLine) by its own plan, add --resume"
          : "PLAN is missing: a new run needs the plan's file, which smnas init writes")
    }
    guard folder.isBegun else {
      throw ExecutionError.run(
        path: folder.path, problem: "holds no run to resume",
        cure: "name the folder of one, or begin one with a PLAN and without --resume")
    }
    return folder.plan
  }

  private static func stages(_ plan: Plan, _ wanted: SearchStage?) throws -> [SearchStage] {
    guard let wanted else { return plan.stages }
    guard plan.stages.contains(wanted) else {
      throw UsageError.rule("--stage is \(wanted.rawValue), but the plan has no such section")
    }
    return [wanted]
  }

  private static func coordinator(
    _ session: Run, _ stage: SearchStage, _ data: DataSummary?, _ state: DataState?,
    _ validation: Dataset?, _ paid: PaidResults, _ arguments: Arguments, _ context: Context
  ) throws -> Coordinator {
    let plan = session.plan
    var settings = Coordinator.Settings(plan: plan, stages: [stage], folder: session.folder)
    settings.dataState = state
    settings.threads = plan.runner.threads(cores: ProcessInfo.processInfo.activeProcessorCount)
    settings.maxTrials = arguments[maxTrials]?.value ?? .max
    let line = ProgressLine(context, plan: plan)
    let stopwatches = try stopwatches(
      session, stage, classes: data?.classes.count, validation,
      timesTaken: paid.reachesOtherRuns, context)
    let coordinator = try Coordinator(
      settings: settings, store: session.store,
      runner: runner(session, stopwatches, line, context), cost: plan.costModel(data))
    coordinator.paid = paid
    coordinator.onTrial = { line.show($0) }
    coordinator.onProgress = { line.show($0) }
    coordinator.onPause = { line.show($0, underWay: $1) }
    coordinator.shouldStop = {
      if Interruption.isRequested { line.showStop() }
      return Interruption.isRequested
    }
    coordinator.shouldStopNow = { Interruption.isUrgent }
    return coordinator
  }

  /// Everywhere results are looked for before they are paid for.
  private static func paidResults(
    _ session: Run, _ state: DataState?, _ arguments: Arguments, _ context: Context
  ) throws -> PaidResults {
    let plan = session.plan
    func note(_ words: String) { context.log("\(Program.name): \(words)") }
    if let other = arguments[from] { try session.takeResults(from: other) }
    var runs: [OtherRun] = []
    for path in try session.runsTakenFrom() {
      do {
        let other = try OtherRun(path)
        note(try other.summary(for: plan, data: state))
        runs.append(other)
      } catch  where path != arguments[from].map(FilePath.absolute) {
        note("\(error); the search goes on without it")
      }
    }
    var cache: ResultCache?
    if plan.cache, !arguments[noCache], plan.trainer != nil,
      let folder = CacheFolder.user(context.environment)
    {
      do { cache = try ResultCache(folder) } catch {
        note("\(error); the search goes on without what other runs have paid for")
      }
    }
    return PaidResults(
      setAside: SetAside(in: session.folder), runs, cache: cache, run: session.folder, note: note)
  }

  /// What carries the plan's trials out: processes of this machine, or jobs of a cluster.
  private static func runner(
    _ session: Run, _ stopwatches: [StopwatchPlan], _ line: ProgressLine, _ context: Context
  ) throws -> any TrialRunner {
    let plan = session.plan.runner
    guard let slurm = plan.slurm else {
      return try plan.makeRunner(
        worker: context.torch.worker(), stopwatch: stopwatches.first)
    }
    var settings = SlurmRunner.Settings(
      folder: session.folder, program: context.executable,
      scheduler: Scheduler(environment: context.environment))
    settings.stopwatches = stopwatches
    let runner = try SlurmRunner(plan: plan, slurm, settings)
    runner.onNotice = { line.show(notice: $0) }
    return runner
  }

  /// The programs that are asked for latencies, with the images that they detect in: the plan's own for all of them; or this one, on
  /// each node of a cluster that measures, or here where designs are timed before they are trained, or taken from other runs. Else a
  /// worker times what it has trained itself.
  private static func stopwatches(
    _ session: Run, _ stage: SearchStage, classes: Int?, _ validation: Dataset?,
    timesTaken: Bool, _ context: Context
  ) throws -> [StopwatchPlan] {
    let plan = session.plan
    let timesFirst = stage == .structural && plan.structural?.timesFirst == true
    let needsLatency = plan.objectives(of: stage).contains(where: \.isLatency)
    let nodes = plan.latency.command == nil ? plan.runner.slurm?.measurement?.nodes : nil
    let usesOwn =
      plan.runner.command == nil && plan.runner.slurm == nil
      && (timesFirst || timesTaken && needsLatency || !plan.latency.others.isEmpty)
    guard plan.latency.command != nil || usesOwn || nodes != nil else { return [] }
    let images = try validation.map { try MeasurementImages.files($0, in: session.folder) } ?? []
    let places = nodes.map { $0.map(Optional.some) } ?? [nil]
    return try places.compactMap { node in
      let isOwn = usesOwn || node != nil
      return StopwatchPlan(
        plan.latency,
        own: isOwn
          ? try context.stopwatch(
            for: plan.runner, node: node, seconds: plan.latency.timeoutSeconds) : nil,
        node: node, images: images, classes: classes ?? Plan.usualClasses, folder: session.folder)
    }
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
}
