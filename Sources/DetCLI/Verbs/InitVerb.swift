import DetBasics
import DetCommand
import DetData
import DetSearch
import Foundation

/// `smnas init`: a plan for a data set, with its reasons as comments.
enum InitVerb: Verb {
  static let name = "init"
  static let summary = "look at a data set and write a plan for it"
  static let train = RequiredOption<String>(
    "--train", "PATH", "the data set: a file or folder; for shapes a number of scenes")
  static let output = DefaultOption<String>(
    "--output", "FILE", "the plan", default: "plan.json")
  static let title = Option<String>("--name", "NAME", "what the plan is called (default: its file)")
  static let hours = DefaultOption<Double>(
    "--hours", "H", "how long the search may take on this machine, by the forecast", default: 2)
  static let seed = DefaultOption<Seed>(
    "--seed", "S", "seed of the search, and of the division of the data", default: Seed(7))
  static let share = DefaultOption<Double>(
    "--share", "X", "the share of the images to measure on, when there is no --validation",
    default: 0.2)
  static let syntax = Syntax(
    train, SourceOptions.images, SourceOptions.validation, SourceOptions.validationImages,
    SourceOptions.format, SourceOptions.classes, SourceOptions.firstPixel, share, output, title,
    hours, seed)
  static let discussion = """
    smnas init --train VOC2007/Annotations --output voc.json
    smnas init --train train.json --images train2017 --validation val.json --validation-images val2017

    Without --validation the images are divided by --seed; tiles of an image stay together. A file that is there already
    is not touched. Then look at the plan, and run smnas doctor --data, smnas plan, smnas search.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let target = NewFile(arguments[output], option: "--output")
    try target.check()
    let file = target.path
    guard arguments[hours] > 0 else { throw UsageError.rule("--hours must be above 0") }
    guard arguments[share] > 0, arguments[share] < 1 else {
      throw UsageError.rule("--share lies between 0 and 1")
    }
    let sources = try InitSources(arguments)
    var draft = PlanDraft(
      sources, name: arguments[title] ?? defaultName(file), seed: arguments[seed].value,
      machine: .init(
        cores: ProcessInfo.processInfo.activeProcessorCount,
        device: try context.torch.devices().accelerator))
    try fit(&draft, hours: arguments[hours], file: file, context.torch)
    try target.write(draft.text(for: file))
    context.log(
      "wrote \(file): \(draft.trials.of("trial")), \(draft.inputs.map(\.description).joined(separator: ", "))"
    )
    for line in sources.accountLines { context.log(line) }
    context.log("next: smnas doctor --data \(file), then smnas plan \(file)")
    return .done
  }

  private static func defaultName(_ file: String) -> String {
    let stem = FilePath.stem(of: file)
    return stem.isEmpty ? "search" : stem
  }

  /// Gives the draft as many trials as fit into the hours, and proves that its text is a plan.
  private static func fit(
    _ draft: inout PlanDraft, hours: Double, file: String, _ torch: TorchProgram
  ) throws {
    let summary = draft.summary
    var productRate: Double?
    func forecast() throws -> (perTrial: Double, plan: Plan) {
      let plan = try JSON.decode(
        Plan.self, from: draft.text(for: file), source: file, allowsComments: true)
      let trials = plan.structural?.trials ?? 1
      let rate = try productRate ?? Forecast.productRate(for: plan, torch)
      productRate = rate
      let seconds = try Forecast(plan, summary, productRate: rate).seconds
      return (seconds / Double(max(1, trials)), plan)
    }
    draft.secondsPerTrial = try forecast().perTrial
    var wanted = hours * 3600 / max(draft.secondsPerTrial, 0.001)
    if wanted < 6 {
      // Six trials are the least that make a search: then each is shorter, within reason.
      draft.epochs = max(4, Int(Double(draft.epochs) * wanted / 6))
      draft.secondsPerTrial = try forecast().perTrial
      wanted = hours * 3600 / max(draft.secondsPerTrial, 0.001)
    }
    draft.trials = Int(min(max(wanted.rounded(.down), 6), 64))
    let (_, plan) = try forecast()
    if let section = plan.structural {
      draft.trials = min(draft.trials, try StructuralSpace(section.space).size)
    }
  }
}
