import DetBasics
import DetCommand
import DetData
import DetSearch
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas pretrain DESIGN`: the backbone of a design trained as a classifier, as on ImageNet; with `--plan` every backbone of a plan.
enum PretrainVerb: TensorVerb {
  static let word = TorchVerb.pretrain
  static let design = OptionalArgument<BackboneArgument>(
    "DESIGN", "a design, a preset such as E2, or a backbone alone, as in \"resnet18 24\"")
  static let plan = Option<String>(
    "--plan", "PLAN",
    "train all backbones of a plan's space, one after the other, instead of DESIGN")
  static let data = RequiredOption<String>(
    "--data", "FOLDER", "a folder of images per class, or train and val with such folders")
  static let output = RequiredOption<String>(
    "--output", "DIR", "the folder for weights and events; with --plan, for a file of each backbone"
  )
  static let recipe = DefaultOption<RecipeArgument>(
    "--recipe", "RECIPE", "a recipe's name, or a JSON file of departures",
    default: RecipeArgument(.pretrain))
  static let epochs = Option<Count>("--epochs", "N", "epochs instead of the recipe's")
  static let batch = Option<Count>("--batch", "N", "images a step instead of the recipe's")
  static let input = Option<InputSize>(
    "--input", "WxH", "the size that images are brought to (default 224x224)")
  static let leastArea = DefaultOption<Share>(
    "--least-area", "SHARE", "the smallest share of an image's area that a step may show",
    default: Share(ClassifierTrainer.leastArea))
  static let weights = Option<String>("--weights", "FILE", "weights to start from")
  static let seed = DefaultOption<Seed>("--seed", "S", "the seed", default: Seed(0))
  static let resume = Flag("--resume", "resume from the checkpoint in the folder")
  static let budget = Option<Minutes>(
    "--budget", "MINUTES", "minutes after which it stops, with a checkpoint to go on from")
  static let checkpointEvery = DefaultOption<Minutes>(
    "--checkpoint-every", "MINUTES", "minutes between checkpoints within an epoch",
    default: Minutes(10))
  static let device = Option<Device>(
    "--device", "DEVICE", "cpu, cuda:0 … (default cpu; with --plan, its first)")
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    design, plan, data, output, recipe, epochs, batch, input, leastArea, weights, seed, resume,
    budget, checkpointEvery, device, threads, TeamMembership.processes, Flag.json)
  static let discussion = """
    The weights are written to DIR/weights.safetensors under torchvision's names. A detector starts from them with
    smnas train --weights DIR/weights.safetensors, or with "pretrained" in a plan's recipe.

    Several processes train one backbone together, each on a share of every batch: --processes N starts them on this machine,
    torchrun and Slurm's srun on many.

    Validation images may also lie in val itself, without folders, when a file beside or in it lists their classes by
    the training folders' names: val.txt with NAME CLASS on a line, ImageNet's LOC_val_solution.csv or list of synsets.

    With --plan the weights lie in DIR under the names by which the plan's "weights": {"folder": DIR} finds them. The same command
    goes on where it was stopped or killed: backbones that are finished are kept, files from elsewhere (resnet50-0676ba61.pth) too. It
    ends with a table, which DIR/backbones.json and DIR/backbones.md hold as well.

    smnas pretrain E2 --data imagenet --output runs/e2-imagenet
    smnas pretrain --plan plan.json --data imagenet --output weights
    """

  private struct Answer: Encodable {
    let backbone: BackboneSpec
    let epoch: Int
    let metrics: [String: Double]
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    if let exit = try TeamMembership.startRanks(arguments, context) { return exit }
    let place = try TeamMembership.place(arguments, context)
    if place != nil, arguments[plan] != nil {
      throw UsageError.rule(
        "the backbones of a plan are trained by one process (--processes 1); name a DESIGN instead")
    }
    try TeamMembership.check(arguments[device] ?? .cpu, place)
    MemoryRetry.arm(context) { context.log("\(Program.name): \($0)") }
    Torch.threads = arguments[threads]?.value ?? TeamMembership.threads(context)
    Torch.flushDenormals()
    return try TeamMembership.join(place, context) { try train(arguments, $0, context) }
  }

  private static func train(
    _ arguments: Arguments, _ team: any Team, _ context: Context
  ) throws -> ExitCode {
    do {
      switch (arguments[design], arguments[plan]) {
      case (let design?, nil): try trainOne(design.backbone, arguments, team, context)
      case (nil, let plan?): try trainAll(of: plan, arguments, context)
      case (nil, nil): throw UsageError.rule("name a DESIGN, or a plan with --plan")
      case (.some, .some): throw UsageError.rule("name a DESIGN or a plan, not both")
      }
      return .done
    } catch TrainingError.interrupted {
      if team.isFirst {
        context.log(
          "\(Program.name): interrupted; continue with "
            + (arguments[plan] == nil ? "--resume" : "the same command"))
      }
      throw Interruption()
    }
  }

  private static func trainOne(
    _ backbone: BackboneSpec, _ arguments: Arguments, _ team: any Team, _ context: Context
  ) throws {
    let folder = TrialFolder(arguments[output])
    let settings = try settings(backbone, device: .cpu, arguments)
    let sets = try ClassificationSets(folder: arguments[data])
    let metrics = try train(
      settings, sets, folder, events: folder.events, resume: arguments[resume], team, arguments,
      context)
    guard team.isFirst else { return }
    if !arguments[Flag.json] { try context.output.line(table(metrics).text) }
    context.log("weights: \(folder.weights)")
  }

  private static func trainAll(
    of path: String, _ arguments: Arguments, _ context: Context
  ) throws {
    guard arguments[weights] == nil else {
      throw UsageError.rule("--weights is of one backbone; leave it out beside --plan")
    }
    // Read without looking for its weights: those are what is to be made.
    let plan = try Plan(file: path)
    let own = plan.runner.devices[0]
    guard let device = arguments[device] ?? Device(own), Torch.devices.contains(device) else {
      throw FileError(
        path: path,
        problem: "has the device \"\(own)\", and this machine has "
          + Torch.devices.map(\.description).joined(separator: ", "),
        cure: "change runner.device, or name another with --device")
    }
    let backbones = BackboneWalk.backbones(of: plan)
    let common = try settings(backbones[0], device: device, arguments)
    let sets = try ClassificationSets(folder: arguments[data])
    let folder = try BackboneFolder(arguments[output])
    let walk = BackboneWalk(
      folder: folder, sets: sets,
      settings: { backbone in
        var own = common
        own.backbone = backbone
        return own
      },
      train: {
        try train($0, sets, $1, events: $2, resume: true, Alone(), arguments, context)
      }, tell: { context.log($0) })
    let table = try walk.run(backbones)
    if arguments[Flag.json] {
      try context.output.jsonLine(table)
    } else {
      try context.output.line(table.table.text)
    }
    let place = try JSON.text(["folder": folder.path])
    context.log("a plan's structural stage starts from them with \"weights\": \(place)")
  }

  /// Trains one backbone in a folder, tells its epochs, and gives the metrics of its weights.
  private static func train(
    _ settings: Pretraining.Settings, _ sets: ClassificationSets, _ folder: TrialFolder,
    events path: String, resume: Bool, _ team: any Team, _ arguments: Arguments,
    _ context: Context
  ) throws -> [String: Double] {
    let scarcity = MemoryRetry.takePast(context)
    var settings = settings
    settings.imagesAtOnce = scarcity?.imagesAtOnce
    settings.checkpointMinutes = arguments[checkpointEvery].value
    settings.budgetMinutes = arguments[budget]?.value
    let training = try Pretraining(
      settings, sets: sets, directory: folder.path, resume: resume || scarcity != nil, team: team)
    if team.isFirst {
      context.log(
        "\(settings.backbone.text): \(training.parameterCount) parameters, "
          + "\(sets.train.samples.count) images of \(sets.train.categories.count) classes, "
          + "\(settings.recipe.epochs) epochs, \(training.batchInWords), \(settings.recipe.ratesInWords)"
      )
      for notice in training.notices { context.log(notice) }
    }
    if let scarcity, team.isFirst { context.log(scarcity.notice) }
    MemoryRetry.note(imagesAtOnce: training.imagesAtOnce, after: scarcity)
    Interruption.watch()
    var events: JSONLinesWriter?
    return try training.run(
      shouldStop: { Interruption.isRequested },
      stepped: { if !arguments[Flag.json] { context.log("  " + $0.line) } }
    ) { epoch, metrics in
      let writer = try events ?? JSONLinesWriter(appendingTo: path)
      events = writer
      let answer = Answer(backbone: settings.backbone, epoch: epoch, metrics: metrics)
      try writer.append(answer)
      if arguments[Flag.json] {
        try context.output.jsonLine(answer)
      } else {
        tell(epoch, metrics, of: settings.recipe.epochs, context)
      }
    }
  }

  private static func settings(
    _ backbone: BackboneSpec, device fallback: Device, _ arguments: Arguments
  ) throws -> Pretraining.Settings {
    var recipe = arguments[recipe].recipe
    if let epochs = arguments[epochs] { recipe.epochs = epochs.value }
    if let batch = arguments[batch] { recipe.batch = batch.value }
    if let weights = arguments[weights] { recipe.pretrained = weights }
    return Pretraining.Settings(
      backbone: backbone, recipe: recipe,
      input: try arguments[input] ?? InputSize(width: 224, height: 224),
      leastArea: arguments[leastArea].value, seed: arguments[seed].value,
      device: arguments[device] ?? fallback,
      loadingThreads: max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
  }

  private static func tell(
    _ epoch: Int, _ metrics: [String: Double], of epochs: Int, _ context: Context
  ) {
    let names = ["loss", "accuracy", "top1", "top5", "imagesPerSecond"]
    let values = names.compactMap { name in metrics[name].map { "\(name) \($0.fixed(3))" } }
    context.log("epoch \(epoch)/\(epochs): \(values.joined(separator: ", "))")
  }

  private static func table(_ metrics: [String: Double]) -> TextTable {
    var table = TextTable(["metric", "value"])
    for name in metrics.keys.sorted() { table.add([name, (metrics[name] ?? 0).fixed(4)]) }
    return table
  }
}
