import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSearch
import DetSpec
import DetTask
import Foundation

/// `smnas proxy PLAN --run DIR`: how short a training still orders designs right.
enum ProxyVerb: Verb {
  static let name = "proxy"
  static let summary = "how short a training still ranks designs right, and what it saves"
  static let plan = Argument<String>("PLAN", "the plan's file")
  static let run = RequiredOption<String>(
    "--run", "DIR", "the folder of the trainings; the same command goes on where it was")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "the stage whose recipe is tried (default: the plan's first)")
  static let designs = DefaultOption<Count>(
    "--designs", "N", "designs of the space that are trained", default: Count(6))
  static let seeds = DefaultOption<Count>(
    "--seeds", "N", "trainings of each design by each training", default: Count(2))
  static let long = Option<Count>(
    "--long", "EPOCHS",
    "epochs of the training that the others stand in for (default: 3 x the stage's)")
  static let epochs = Option<NumberList>(
    "--epochs", "LIST", "epochs to try, as in 2,4,8 (default: a half of the stage's, and its own)")
  static let shares = Option<NumberList>(
    "--shares", "LIST", "shares of the training images to try as well, as in 0.25,0.5")
  static let scales = Option<NumberList>(
    "--scales", "LIST", "scales of the input's sides to try as well, as in 0.5,0.75")
  static let tau = DefaultOption<Share>(
    "--tau", "TAU", "Kendall's tau with the long training that is good enough",
    default: Share(0.7))
  static let syntax = Syntax(
    plan, run, stage, designs, seeds, long, epochs, shares, scales, tau, Flag.json)
  static let discussion = """
    A search pays for every design. Designs of the plan's space are trained briefly and at length, each with several seeds; the table
    says how far a short training orders them as the long one does (Kendall's tau: 1 the same order, 0 chance), how far chance moves its
    accuracies, and what it costs. Below stands the cheapest that is good enough, as keys of a plan.

    smnas proxy Examples/trees.json --run runs/proxy --epochs 2,4 --long 12
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let file = try PlanFile(arguments[plan])
    let plan = file.plan
    let stage = arguments[stage] ?? plan.stages[0]
    guard let recipe = plan.recipe(of: stage) else {
      throw UsageError.rule("--stage is \(stage.rawValue), but the plan has no such section")
    }
    let data = try file.loadSets().map { try DataSummary($0, for: plan) }
    let long = ProxyTraining(epochs: arguments[long]?.value ?? 3 * recipe.epochs)
    let trainings = try trainings(arguments, recipe, long)
    let question = ProxyRound.Question(
      designs: try designs(plan, stage, arguments[designs].value, plan.costModel(data)),
      trainings: trainings, repetitions: arguments[seeds].value, stage: stage,
      accuracy: plan.objectives(of: stage).first(where: \.isAccuracy) ?? .averagePrecision,
      data: try parts(of: trainings, file))
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let round = try ProxyRound(
      plan, question, in: arguments[run], threads: plan.runner.threads(cores: cores))
    let kept = try round.kept().count
    context.log(
      "\(round.count) trainings: \(question.designs.count) designs, \(trainings.count) ways, \(question.repetitions) seeds"
        + (kept > 0 ? "; \(kept) of them are there" : ""))
    Interruption.watch()
    let runner = try plan.runner.makeRunner(worker: context.torch.worker())
    var done = kept
    let results = try round.run(runner) { result in
      done += 1
      let found =
        result.accuracy.map {
          "\(question.accuracy.descriptor.title) \(question.accuracy.text($0))"
        }
        ?? "no result: \(result.reason ?? "")"
      context.log(
        "\(done) of \(round.count): \(result.training.words): \(found), \(Durations.text(seconds: result.seconds)), \(result.design)"
      )
    } shouldStop: {
      Interruption.isRequested
    }
    if Interruption.isRequested {
      context.log("\(Program.name): stopped; the same command goes on")
      throw Interruption()
    }
    let report = ProxyReport(results, accuracy: question.accuracy, long: long, seed: plan.seed)
    if arguments[Flag.json] {
      try context.output.json(report)
    } else {
      try context.output.line(text(report, stage, wanted: arguments[tau].value))
    }
    return report.rows.contains { $0.finished > 0 } ? .done : .failed
  }

  // MARK: - What is tried

  private static func trainings(
    _ arguments: Arguments, _ recipe: Recipe, _ long: ProxyTraining
  ) throws -> [ProxyTraining] {
    let usual = Set([max(1, recipe.epochs / 2), recipe.epochs]).sorted()
    let epochs = try arguments[epochs]?.counts(of: "--epochs") ?? usual
    let shares = try arguments[shares]?.shares(of: "--shares") ?? []
    let scales = try arguments[scales]?.shares(of: "--scales") ?? []
    var found: [ProxyTraining] = []
    for count in epochs {
      found.append(ProxyTraining(epochs: count))
      found += shares.map { ProxyTraining(epochs: count, imageShare: $0) }
      found += scales.map { ProxyTraining(epochs: count, scale: $0) }
    }
    found.append(long)
    return found.enumerated().filter { found.firstIndex(of: $1) == $0 }.map(\.element)
  }

  /// The designs that a search of the stage begins with.
  private static func designs(
    _ plan: Plan, _ stage: SearchStage, _ count: Int, _ cost: @escaping CostModel
  ) throws -> [DetectorDesign] {
    let found = try PlanVerb.first(plan, [stage], count, cost).map(\.design)
    guard found.count > 1 else {
      throw UsageError.rule(
        "the \(stage.rawValue) stage begins with \(found.count) designs, and an order needs two; "
          + "name a stage with a space, or give modular.designs in the plan")
    }
    return found
  }

  /// The plan's data, and those of trainings that learn from a part of the images.
  private static func parts(
    of trainings: [ProxyTraining], _ file: PlanFile
  ) throws -> [Double: JSONValue] {
    let shares = Set(trainings.map(\.imageShare)).filter { $0 < 1 }
    guard !shares.isEmpty else { return [:] }
    guard let sources = file.sources else {
      throw UsageError.rule(
        "--shares needs data that this program reads; the plan's runner.command reads them")
    }
    var whole = sources.train
    whole.tiles = nil
    let count = try Dataset.load(whole).samples.count
    return try Dictionary(
      uniqueKeysWithValues: shares.map { share in
        var part = sources.train
        let images = Int((share * Double(count)).rounded())
        guard images > 0, count > 1 else {
          throw UsageError.rule(
            "--shares has \(share), and the training set has \(count) \(count == 1 ? "image" : "images") to take a share of"
          )
        }
        part.subset = .init(count: images)
        return (
          share,
          try JSON.value(TrainingSets.Description(train: part, validation: sources.validation))
        )
      })
  }

  // MARK: - For people

  private static func text(
    _ report: ProxyReport, _ stage: SearchStage, wanted: Double
  ) -> String {
    let title = report.accuracy.descriptor.title
    let longSeconds = report.rows.first { $0.training == report.long }?.seconds ?? 0
    var table = TextTable(["training", "time", "of the long", "noise of \(title)", "tau", "95 %"])
    for row in report.rows {
      let isLong = row.training == report.long
      table.add([
        row.training.words + (isLong ? " (the long one)" : "")
          + (row.failed > 0 ? ", \(row.failed) failed" : ""),
        Durations.text(seconds: row.seconds),
        longSeconds > 0 ? "\((100 * row.seconds / longSeconds).fixed(0)) %" : "-",
        row.noise.map { $0.fixed(3) } ?? "-", row.tau.map { $0.fixed(2) } ?? "-",
        row.tauLow.flatMap { low in row.tauHigh.map { "\(low.fixed(2)) – \($0.fixed(2))" } } ?? "-",
      ])
    }
    return table.text + "\n\n" + advice(report, stage, wanted)
  }

  private static func advice(
    _ report: ProxyReport, _ stage: SearchStage, _ wanted: Double
  ) -> String {
    guard let best = report.cheapest(tau: wanted) else {
      return
        "No training orders these designs with a tau of \(wanted.fixed(2)); more epochs, or more seeds, may."
    }
    guard best.training != report.long else {
      return
        "Only the long training itself is good enough: nothing shorter has a tau of \(wanted.fixed(2))."
    }
    var keys = ["\"\(stage.rawValue)\": { \"recipe\": { \"epochs\": \(best.training.epochs) } }"]
    if best.training.imageShare < 1 {
      keys.append("\"subset\": { \"count\": … } in data.train, for that share of the images")
    }
    if best.training.scale != 1 {
      keys.append("inputs of the space times \(best.training.scale.fixed(2))")
    }
    return "The cheapest with a tau of \(wanted.fixed(2)): \(best.training.words). In the plan: "
      + keys.joined(separator: "; ")
  }
}

/// Numbers with commas between them: `2,4,8`.
struct NumberList: ArgumentValue, Equatable {
  private let values: [Double]

  init(argument: String) throws {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard values.count == parts.count, values.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw ArgumentValueError(expected: "numbers above 0 with commas between them, as in 2,4,8")
    }
    self.values = values
  }

  /// Whole numbers, for an option of counts.
  func counts(of option: String) throws -> [Int] {
    try values.map { value in
      guard value == value.rounded(), value <= Double(Count.most) else {
        throw UsageError.rule("\(option) has \(value); use whole numbers, as in 2,4,8")
      }
      return Int(value)
    }
  }

  /// Shares of something, for an option of them.
  func shares(of option: String) throws -> [Double] {
    if let odd = values.first(where: { $0 > 1 }) {
      throw UsageError.rule("\(option) has \(odd); use shares of up to 1, as in 0.25,0.5")
    }
    return values.filter { $0 < 1 }
  }
}
