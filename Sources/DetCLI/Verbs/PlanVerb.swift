import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation

/// `smnas plan PLAN`: what a search would do, before it does anything.
enum PlanVerb: Verb {
  static let name = "plan"
  static let summary = "check a plan: sizes of the spaces, first designs, forecast; runs nothing"
  static let plan = OptionalArgument<String>("PLAN", "the plan's file")
  static let count = DefaultOption<Count>(
    "--designs", "N", "how many of the first designs to show", default: Count(8))
  static let latency = LimitOption(
    .latency, help: "time the smallest to the largest designs, and say which of them are within")
  static let keys = Flag("--keys", "print every key with default and meaning; needs no plan")
  static let markdown = Flag("--markdown", "print the keys as Markdown")
  static let syntax = Syntax(plan, count, latency, keys, markdown, Flag.json)
  static let discussion = """
    With --json the plan is printed in full, every default filled in.

    The forecast is rough: it counts multiply-accumulates of the first designs and times a matrix product on this machine.

    smnas plan trees.json --latency 20ms builds a few designs, from the smallest to the largest, times them untrained beside one another,
    and says how many of the space are within 20 ms. Nothing is trained.
    """

  private struct Report: Encodable {
    let version = 1
    let plan: Plan
    let data: DataSummary?
    let stages: [StageReport]
    let forecast: Forecast?
    /// What was asked of latencies; nil when nothing was.
    let latency: LatencyReach?
  }

  private struct StageReport: Encodable {
    let stage: SearchStage
    let trials: Int
    let space: Int?
    /// As used: scaled to the recipe's batch.
    let learningRate: Rates?
    let firstDesigns: [DesignReport]
  }

  private struct Rates: Encodable {
    let from: Double
    let to: Double

    init(_ rate: Recipe.LearningRate) { (from, to) = (rate.from, rate.to) }
  }

  struct DesignReport: Encodable {
    let design: DetectorDesign
    let parameters: Int
    let macs: Int
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    if arguments[keys] {
      try KeyReference().print(arguments, context.output)
      return .done
    }
    guard let source = arguments[plan] else {
      throw UsageError.missingArgument("PLAN", help: "the plan's file")
    }
    let file = try PlanFile(source)
    let plan = file.plan
    let sets = try file.loadSets()
    let data = try sets.map { try DataSummary($0, for: plan) }
    let report = Report(
      plan: plan, data: data, stages: try stages(plan, data, arguments[count].value),
      forecast: try data.map {
        try Forecast(plan, $0, productRate: Forecast.productRate(for: plan, context.torch))
      },
      latency: try arguments[latency].map { try LatencyReach(file, sets, limit: $0, context) })
    if arguments[Flag.json] {
      try context.output.json(report)
    } else {
      try context.output.line(text(report))
    }
    return .done
  }

  private static func stages(
    _ plan: Plan, _ data: DataSummary?, _ count: Int
  ) throws -> [StageReport] {
    let cost = plan.costModel(data)
    var reports: [StageReport] = []
    if let section = plan.structural {
      let space = try StructuralSpace(section.space)
      reports.append(
        StageReport(
          stage: .structural, trials: min(section.trials, space.size), space: space.size,
          learningRate: (plan.recipe(of: .structural)?.usedRates).map(Rates.init),
          firstDesigns: try first(plan, [.structural], min(count, section.initial), cost)))
    }
    if let section = plan.modular {
      let picks = section.designs
      let sizes = picks.map {
        ModularSpace(pick: $0, parts: section.space, recipe: section.recipe).size
      }
      reports.append(
        StageReport(
          stage: .modular, trials: plan.plannedTrials(of: .modular),
          space: picks.isEmpty ? nil : sizes.reduce(0, +),
          learningRate: (plan.recipe(of: .modular)?.usedRates).map(Rates.init),
          firstDesigns: picks.isEmpty ? [] : try first(plan, [.modular], count, cost)))
    }
    if let section = plan.final {
      reports.append(
        StageReport(
          stage: .final, trials: section.planned, space: nil,
          learningRate: Rates(section.recipe.usedRates),
          firstDesigns: section.needsFronts ? [] : try first(plan, [.final], count, cost)))
    }
    return reports
  }

  /// The designs that a search begins with, whatever comes of them.
  static func first(
    _ plan: Plan, _ stages: [SearchStage], _ count: Int, _ cost: @escaping CostModel
  ) throws -> [DesignReport] {
    var study = try Study(plan: plan, stages: stages, cost: cost)
    var designs: [DesignReport] = []
    while designs.count < count, let suggestion = study.suggest() {
      study.register(suggestion)
      let spent = cost(suggestion.design, suggestion.stage)
      designs.append(
        DesignReport(
          design: suggestion.design, parameters: spent.parameters, macs: spent.macs))
    }
    return designs
  }

  // MARK: - For people

  private static func text(_ report: Report) -> String {
    var lines = ["\(report.plan.name), seed \(report.plan.seed)"]
    if let data = report.data {
      lines.append(
        "data: \(data.trainingImages.of("image")) with \(data.trainingBoxes.of("box", plural: "boxes")) to train on, "
          + "\(data.validationImages) to judge on; classes: \(data.classes.joined(separator: ", "))"
      )
      lines += data.accountLines.map { "  \($0)" }
    }
    for stage in report.stages { lines += [""] + self.text(stage, report.plan, report.data) }
    let runner = report.plan.runner
    lines.append("")
    lines.append(
      "runner: \(runner.atOnce) at a time, each at most \(Durations.text(seconds: runner.timeoutSeconds))"
        + (runner.command.map { ", by \($0.joined(separator: " "))" } ?? "")
        + (runner.slurm == nil ? "" : ", as jobs of Slurm"))
    if let command = report.plan.latency.command {
      lines.append(
        "latencies: by \(command.joined(separator: " ")), each within "
          + Durations.text(seconds: report.plan.latency.timeoutSeconds))
    }
    if let forecast = report.forecast { lines += forecast.lines }
    if let forecast = report.forecast, report.plan.runner.slurm != nil {
      lines.append(ComputeHours(report.plan, forecast).text)
    }
    if let latency = report.latency { lines += ["", latency.text] }
    return lines.joined(separator: "\n")
  }

  /// What each backbone starts from.
  private static func text(_ weights: BackboneWeights, _ backbones: [BackboneSpec]) -> [String] {
    let lines = backbones.map { backbone in
      let start = weights[backbone].map { "\($0.path) (\($0.fingerprint ?? ""))" }
      return "  \(backbone.text) starts from \(start ?? "scratch")"
    }
    return ["weights:"] + lines
  }

  private static func text(_ stage: StageReport, _ plan: Plan, _ data: DataSummary?) -> [String] {
    let objectives = plan.objectives(of: stage.stage).map(\.name).joined(separator: " and ")
    let recipe = plan.recipe(of: stage.stage)
    let space = stage.space.map { " of \($0.of("design"))" } ?? origin(of: stage, plan)
    var lines = [
      "\(stage.stage.rawValue) stage: \(stage.trials.of("trial"))\(space), for \(objectives); "
        + "\((recipe?.epochs ?? 0).of("epoch"))\(images(recipe, data)), \(recipe?.batchInWords ?? ""), "
        + "\(recipe?.norm.rawValue ?? "") norm" + (recipe.map { ", \($0.ratesInWords)" } ?? "")
    ]
    if let recipe { lines += training(recipe, plan, stage.stage) }
    if stage.stage == .final, let section = plan.final?.classification {
      lines.append(
        "  backbones learn to classify \(section.data ?? "") before: \(section.recipe.epochs.of("epoch")) at \(section.input)"
      )
    }
    if stage.stage == .structural, let section = plan.structural, let weights = section.weights {
      lines += text(weights, section.space.backbones)
    }
    guard !stage.firstDesigns.isEmpty else { return lines }
    var table = TextTable(["first designs", "parameters", "MACs"])
    for design in stage.firstDesigns {
      table.add([
        design.design.text, Metric.parameters.text(Double(design.parameters)),
        Metric.macs.text(Double(design.macs)),
      ])
    }
    lines.append(table.text)
    return lines
  }

  /// Where the designs of a stage come from that has no space of its own yet.
  private static func origin(of stage: StageReport, _ plan: Plan) -> String {
    switch stage.stage {
    case .structural: ""
    case .modular: " around what stage one picks"
    case .final: plan.final?.needsFronts == true ? " of designs of the fronts, in full" : " in full"
    }
  }

  /// What departs from plain training of everything by gradient descent.
  private static func training(_ recipe: Recipe, _ plan: Plan, _ stage: SearchStage) -> [String] {
    let hasWeights =
      switch stage {
      case .structural: plan.structural?.weights != nil
      case .modular: false
      case .final: plan.final?.classification != nil
      }
    var words: [String] = []
    if recipe.optimizer != .sgd { words.append("optimizer \(recipe.optimizer.rawValue)") }
    if recipe.decaysNorms { words.append("norms and biases decay") }
    if let frozen = recipe.freezingInWords(fromWeights: hasWeights || recipe.pretrained != nil) {
      let scratch =
        stage == .structural && plan.structural?.weights?.allowsScratch == true && hasWeights
      words.append(frozen + (scratch ? " (of backbones with weights)" : ""))
    }
    return words.isEmpty ? [] : ["  \(words.joined(separator: "; "))"]
  }

  /// What an epoch trains on, where that is not every image.
  private static func images(_ recipe: Recipe?, _ data: DataSummary?) -> String {
    guard let recipe, let data, case let count = data.imagesTrainedOn(by: recipe),
      count != data.trainingImages
    else { return "" }
    return
      " of \(count) images (\(data.trainingImages - count) without boxes to learn from are left out)"
  }
}
