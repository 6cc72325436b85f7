import DetBasics
import DetCommand
import DetSearch
import DetSpec
import DetTeam
import DetTensor
import DetTraining
import Foundation

/// `smnas train DESIGN`: one design trained outside a search.
enum TrainVerb: TensorVerb {
  static let word = TorchVerb.train
  static let design = Argument<DesignArgument>(
    "DESIGN", "the design's text, or the name of a preset such as E2")
  static let plan = RequiredOption<String>("--plan", "PLAN", "the plan whose data are used")
  static let recipe = Option<TrainingRecipeArgument>(
    "--recipe", "RECIPE",
    "a recipe's name, a JSON file of departures, or \"plan\": that of the plan's first stage (default: final)"
  )
  static let weights = Option<String>(
    "--weights", "FILE",
    "weights to start from, a .pth of PyTorch or .safetensors, instead of the recipe's")
  static let epochs = Option<Count>("--epochs", "N", "epochs instead of the recipe's")
  static let seed = Option<Seed>("--seed", "S", "seed instead of the plan's")
  static let output = RequiredOption<String>(
    "--output", "DIR", "the folder for weights, detections and events")
  static let resume = Flag("--resume", "resume from the checkpoint in the folder")
  static let budget = Option<Minutes>(
    "--budget", "MINUTES", "minutes after which it stops, with a checkpoint to go on from")
  static let checkpointEvery = DefaultOption<Minutes>(
    "--checkpoint-every", "MINUTES", "minutes between checkpoints within an epoch",
    default: Minutes(10))
  static let device = DefaultOption<Device>("--device", "DEVICE", "cpu, cuda:0 …", default: .cpu)
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    design, plan, output, recipe, weights, epochs, seed, resume, budget, checkpointEvery,
    device, threads, TeamMembership.processes, Flag.json)
  static let discussion = """
    Without --recipe the design is trained by "final", the paper's long training: 24 epochs from the weights that are given, with
    batch norm. On a small machine, or without weights, take a recipe that is made for it: --recipe small, or --recipe plan, by
    which the design is trained as a trial of the plan's search is. The log says which recipe it is, and what departs from it.

    Several processes train one design together, each on a share of every batch: --processes N starts them on this machine,
    torchrun and Slurm's srun on many. Rank 0 reports and writes.

    Weights are those of --weights, else of the recipe, else those that the plan names for the backbone, unless --recipe names a
    recipe of its own.

    smnas train "192x192 | resnet18 24 | fpn P1-P4 64 | rpn | rcnn" --plan Examples/trees.json --recipe plan --output runs/mine
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    if let exit = try TeamMembership.startRanks(arguments, context) { return exit }
    let place = try TeamMembership.place(arguments, context)
    try TeamMembership.check(arguments[device], place)
    let folder = TrialFolder(arguments[output])
    let plan = try PlanFile(arguments[plan]).plan
    let chosen = arguments[Self.recipe] ?? .named(RecipeArgument(.final))
    var (recipe, origin) = try chosen.recipe(in: plan)
    var planned: BackboneFile?
    if let weights = arguments[weights] {
      recipe.pretrained = weights
    } else if recipe.pretrained == nil, takesWeightsOfPlan(arguments), let stage = plan.stages.first
    {
      planned = plan.weights(of: stage, arguments[design].design.backbone)
      recipe.pretrained = planned?.path
    }
    if recipe.pretrained == nil, let problem = recipe.needOfWeights {
      throw UsageError.rule("the recipe (\(origin)) cannot start from scratch: \(problem)")
    }
    if let epochs = arguments[epochs] { recipe.epochs = epochs.value }
    let isFirst = (place?.rank ?? 0) == 0
    if isFirst {
      context.log(
        "recipe: \(origin), \(recipe.epochs) epochs, from "
          + (recipe.pretrained.map { "the weights in \($0)" } ?? "scratch"))
    }
    let scarcity = MemoryRetry.takePast(context)
    let resume = arguments[resume] || scarcity != nil
    let job = TrialJob(
      id: 0, stage: nil, design: arguments[design].design,
      recipe: recipe, data: plan.data, seed: arguments[seed]?.value ?? plan.seed,
      device: arguments[device].description,
      threads: arguments[threads]?.value ?? TeamMembership.threads(context),
      directory: folder.path, resume: resume, weightsFingerprint: planned?.fingerprint,
      checkpointMinutes: arguments[checkpointEvery].value, budgetMinutes: arguments[budget]?.value)
    return try TeamMembership.join(place, context) { team in
      try train(job, team, after: scarcity, json: arguments[Flag.json], context)
    }
  }

  /// Whether a recipe without weights of its own starts from those of the plan.
  private static func takesWeightsOfPlan(_ arguments: Arguments) -> Bool {
    switch arguments[recipe] {
    case nil, .plan: true
    case .named: false
    }
  }

  private static func train(
    _ job: TrialJob, _ team: any Team, after scarcity: MemoryScarcity?, json: Bool,
    _ context: Context
  ) throws -> ExitCode {
    var events: JSONLinesWriter?
    Interruption.watch()
    let isFirst = team.isFirst
    MemoryRetry.arm(context) { reason in
      guard isFirst else { return context.log("smnas: \(reason)") }
      let last = TrialEvent.failed(reason: reason, kind: .outOfMemory)
      try? JSONLinesWriter(appendingTo: job.folder.events).append(last)
      if json { try? context.output.jsonLine(last) } else { context.log("smnas: \(reason)") }
    }
    var exit = ExitCode.failed
    let worker = try TrialWorker(
      job: job, choice: .output, callerWrites: [job.folder.job, job.folder.events],
      by: "\(Program.name) \(Program.version)", after: scarcity, team: team,
      shouldStop: { Interruption.isRequested }
    ) { event in
      if case .finished = event { exit = .done }
      if case .started(let start) = event {
        MemoryRetry.note(imagesAtOnce: start.imagesAtOnce, after: scarcity)
      }
      guard team.isFirst else {
        if case .failed(let reason, _) = event { context.log("rank \(team.rank): \(reason)") }
        return
      }
      // A training that could not start leaves nothing.
      if case .started = event { events = try begin(job) }
      try events?.append(event)
      if json { try context.output.jsonLine(event) } else { try tell(event, job, context) }
    }
    do {
      try worker.run()
    } catch TrainingError.interrupted {
      if team.isFirst { context.log("smnas: interrupted; continue with --resume") }
      throw Interruption()
    }
    return exit
  }

  /// Writes the job unless the training is gone on with, and opens the file of its events.
  private static func begin(_ job: TrialJob) throws -> JSONLinesWriter {
    if !FileManager.default.fileExists(atPath: job.folder.job) {
      try AtomicFile.write(
        JSON.encode(job, pretty: true), to: job.folder.job, replaces: false)
    }
    return try JSONLinesWriter(appendingTo: job.folder.events)
  }

  private static func tell(_ event: TrialEvent, _ job: TrialJob, _ context: Context) throws {
    switch event {
    case .started(let start):
      context.log(
        "\(job.design.text): \(start.parameters) parameters, \(start.trainingImages) images, "
          + "\(start.epochs) epochs, "
          + "\(job.recipe.batchInWords(atOnce: start.imagesAtOnce ?? job.recipe.usedMicroBatch)), "
          + "\(job.recipe.ratesInWords)")
      for line in start.data ?? [] { context.log("  \(line)") }
      if let weights = start.weights { context.log(weights.text) }
    case .epoch(let epoch, let metrics):
      let names = ["loss", "AP", "AP50", "imagesPerSecond"]
      let values = names.compactMap { name in metrics[name].map { "\(name) \($0.fixed(3))" } }
      context.log("epoch \(epoch)/\(job.recipe.epochs): \(values.joined(separator: ", "))")
    case .step(let step): context.log("  " + step.line)
    case .notice(let text): context.log(text)
    case .latency(let reading): for line in reading.lines { context.log(line) }
    case .finished(let metrics):
      var table = TextTable(["metric", "value"])
      for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
        table.add([name, Metric(rawValue: name)?.text(value) ?? value.fixed(4)])
      }
      try context.output.line(table.text)
      context.log("weights: \(job.folder.weights); model card: \(job.folder.card)")
    case .failed(let reason, _):
      context.log("smnas: \(reason)")
    }
  }
}
