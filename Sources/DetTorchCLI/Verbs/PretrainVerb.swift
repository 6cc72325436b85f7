import DetBasics
import DetCommand
import DetData
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas pretrain DESIGN`: the backbone of a design trained as a classifier, as on ImageNet.
enum PretrainVerb: TensorVerb {
  static let word = TorchVerb.pretrain
  static let design = Argument<BackboneArgument>(
    "DESIGN", "a design, a preset such as E2, or a backbone alone, as in \"resnet18 24\"")
  static let data = RequiredOption<String>(
    "--data", "FOLDER", "a folder of images per class, or train and val with such folders")
  static let output = RequiredOption<String>(
    "--output", "DIR", "the folder for weights and events")
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
  static let device = DefaultOption<Device>("--device", "DEVICE", "cpu, cuda:0 …", default: .cpu)
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    design, data, output, recipe, epochs, batch, input, leastArea, weights, seed, resume, device,
    threads,
    Flag.json)
  static let discussion = """
    The weights are written to DIR/weights.safetensors under torchvision's names. A detector starts from them with
    smnas train --weights DIR/weights.safetensors, or with "pretrained" in a plan's recipe.

    Validation images may also lie in val itself, without folders, when a file beside or in it lists their classes by
    the training folders' names: val.txt with NAME CLASS on a line, ImageNet's LOC_val_solution.csv or list of synsets.

    smnas pretrain E2 --data imagenet --output runs/e2-imagenet
    """

  private struct Answer: Encodable {
    let epoch: Int
    let metrics: [String: Double]
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let folder = TrialFolder(arguments[output])
    let resume = arguments[resume]
    let settings = try settings(arguments)
    Torch.threads = arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    Torch.flushDenormals()
    let sets = try ClassificationSets(folder: arguments[data])
    let training = try Pretraining(settings, sets: sets, directory: folder.path, resume: resume)
    context.log(
      "\(settings.backbone.text): \(training.parameterCount) parameters, "
        + "\(sets.train.samples.count) images of \(sets.train.categories.count) classes, "
        + "\(settings.recipe.epochs) epochs, \(training.batchInWords), \(settings.recipe.ratesInWords)"
    )
    for notice in training.notices { context.log(notice) }
    Interruption.watch()
    let json = arguments[Flag.json]
    var events: JSONLinesWriter?
    do {
      let metrics = try training.run(
        shouldStop: { Interruption.isRequested },
        stepped: { if !json { context.log("  " + $0.line) } }
      ) { epoch, metrics in
        let writer = try events ?? JSONLinesWriter(appendingTo: folder.events)
        events = writer
        try writer.append(Answer(epoch: epoch, metrics: metrics))
        if json {
          try context.output.jsonLine(Answer(epoch: epoch, metrics: metrics))
        } else {
          tell(epoch, metrics, of: settings.recipe.epochs, context)
        }
      }
      if !json { try context.output.line(table(metrics).text) }
    } catch TrainingError.interrupted {
      context.log("smnas: interrupted; continue with --resume")
      throw Interruption()
    }
    context.log("weights: \(folder.weights)")
    return .done
  }

  private static func settings(_ arguments: Arguments) throws -> Pretraining.Settings {
    var recipe = arguments[recipe].recipe
    if let epochs = arguments[epochs] { recipe.epochs = epochs.value }
    if let batch = arguments[batch] { recipe.batch = batch.value }
    if let weights = arguments[weights] { recipe.pretrained = weights }
    return Pretraining.Settings(
      backbone: arguments[design].backbone, recipe: recipe,
      input: try arguments[input] ?? InputSize(width: 224, height: 224),
      leastArea: arguments[leastArea].value, seed: arguments[seed].value, device: arguments[device],
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
