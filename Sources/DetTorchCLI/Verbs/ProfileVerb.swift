import DetBasics
import DetCommand
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas profile DESIGN`: what a design costs, counted, and on request measured.
enum ProfileVerb: TensorVerb {
  static let word = TorchVerb.profile
  static let design = Argument<DesignArgument>(
    "DESIGN", "the design's text, or the name of a preset such as E2")
  static let classes = DefaultOption<Count>(
    "--classes", "N", "classes, background not counted", default: Count(80))
  static let recipe = DefaultOption<RecipeArgument>(
    "--recipe", "RECIPE", "the recipe that says widths and norms: its name, or a JSON file",
    default: RecipeArgument(.structural))
  static let latency = Flag(
    "--latency", "also build it with random weights and time one image here")
  static let training = Flag("--training", "also time a step of its training here")
  static let batch = DefaultOption<Count>(
    "--batch", "N", "images of a training step", default: Count(2))
  static let precision = Option<Recipe.Precision>(
    "--precision", "KIND", "float32 or bfloat16 (default: the recipe's)")
  static let threads = Option<ThreadCount>(
    "--threads", "N", "threads to time with (default: one per core)")
  static let syntax = Syntax(
    design, classes, recipe, latency, training, batch, precision, threads, Flag.json)
  static let discussion = """
    MACs are multiply-accumulates of convolutions and linear layers for one image at the padded input; a FLOP count is
    twice as much. Latency is of one image, post-processing included; a training step is losses, gradients and update, of
    what the recipe trains: one that starts from weights (its "pretrained") leaves some as they were loaded. Both give the
    median, and the 10th and 90th percentile. Peak memory is the most that this process held.
    smnas designs lists the presets.
    """

  private struct Answer: Encodable {
    let design: DetectorDesign
    let parameters: Int
    let macs: Int
    let activations: Int
    let convention: String
    let memoryAccessBytes: Int
    let parts: [PartCost]
    let precision: Recipe.Precision
    let threads: Int?
    let latency: LatencyReading?
    let batch: Int?
    let trainingStepSeconds: Seconds?
    let peakMemoryBytes: Int?
  }

  /// A summary of longer times, in seconds.
  private struct Seconds: Encodable {
    let median: Double
    let p10: Double
    let p90: Double
    let samples: [Double]

    init(_ summary: LatencySummary) {
      median = summary.median / 1000
      p10 = summary.p10 / 1000
      p90 = summary.p90 / 1000
      samples = summary.samples.map { $0 / 1000 }
    }
  }

  /// What was asked to be measured.
  private struct Measured {
    var latency: LatencyReading?
    var trainingStep: LatencySummary?
    var threads: Int?
    var peakMemoryBytes: Int?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let design = arguments[design].design
    var recipe = arguments[recipe].recipe
    if let precision = arguments[precision] { recipe.precision = precision }
    let cost = DesignCost(design, classes: arguments[classes].value, recipe: recipe)
    let measured = try measure(design, recipe, arguments)
    if arguments[Flag.json] {
      try context.output.json(
        Answer(
          design: design, parameters: cost.parameters, macs: cost.macs,
          activations: cost.activations, convention: CostTable.convention,
          memoryAccessBytes: cost.memoryAccessBytes, parts: cost.parts,
          precision: recipe.precision, threads: measured.threads,
          latency: measured.latency,
          batch: measured.trainingStep.map { _ in arguments[batch].value },
          trainingStepSeconds: measured.trainingStep.map(Seconds.init),
          peakMemoryBytes: measured.peakMemoryBytes))
      return .done
    }
    try context.output.line(design.text)
    if let preset = arguments[self.design].preset {
      context.log("\(preset.name) is \(preset.certainty.words): \(preset.note)")
    }
    try context.output.line(CostTable.text(cost))
    for line in lines(measured, arguments) { try context.output.line(line) }
    let kind = recipe.precision.name(on: .cpu)
    if kind != recipe.precision.rawValue { context.log("measured in \(kind)") }
    return .done
  }

  private static func lines(_ measured: Measured, _ arguments: Arguments) -> [String] {
    var lines: [String] = []
    lines += measured.latency?.lines ?? []
    if let own = measured.trainingStep {
      let recipe = arguments[recipe].recipe
      let frozen = recipe.freezingInWords(fromWeights: recipe.pretrained != nil)
      lines.append(
        "training step of \(arguments[batch].value): \(spread(own))"
          + (frozen.map { "; \($0)" } ?? ""))
    }
    if let bytes = measured.peakMemoryBytes {
      lines.append("peak memory: \(Metric.Unit.bytes.text(Double(bytes)))")
    }
    return lines
  }

  private static func spread(_ times: LatencySummary) -> String {
    "\(Durations.milliseconds(times.median)) "
      + "(p10 \(Durations.milliseconds(times.p10)), p90 \(Durations.milliseconds(times.p90)))"
  }

  private static func measure(
    _ design: DetectorDesign, _ recipe: Recipe, _ arguments: Arguments
  ) throws -> Measured {
    var measured = Measured()
    guard arguments[latency] || arguments[training] else { return measured }
    Torch.threads =
      arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    measured.threads = Torch.threads
    Torch.flushDenormals()
    let detector = try Detector(
      design, classes: arguments[classes].value, recipe: recipe, seed: 0)
    let measurement = DetectorMeasurement(detector, recipe: recipe)
    if arguments[latency] {
      let meter = LatencyMeter(
        settings: recipe.latency, anchor: try LatencyAnchor(), cache: .user())
      measured.latency = measurement.latency(meter)
    }
    if arguments[training] {
      measured.trainingStep = measurement.trainingStep(batch: arguments[batch].value)
    }
    measured.peakMemoryBytes = DetectorMeasurement.peakMemoryBytes
    return measured
  }
}
