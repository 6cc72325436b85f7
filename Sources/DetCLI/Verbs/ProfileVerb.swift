import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation

/// `smnas profile DESIGN`: what a design costs, counted, and on request measured.
enum ProfileVerb: Verb {
  static let name = "profile"
  static let summary = "count a design's parameters, multiply-accumulates and memory access"
  static let design = Argument<String>(
    "DESIGN", "the design's text, or the name of a preset such as E2")
  static let classes = DefaultOption<Count>(
    "--classes", "N", "classes, background not counted", default: Count(80))
  static let recipe = DefaultOption<String>(
    "--recipe", "RECIPE", "the recipe that says widths and norms", default: "structural")
  static let latency = Flag("--latency", "also build it with random weights and time it here")
  static let threads = Option<Count>(
    "--threads", "N", "threads to time with (default: one per core)")
  static let syntax = Syntax(design, classes, recipe, latency, threads, Flag.json)
  static let discussion = """
    MACs are multiply-accumulates of convolutions and linear layers for one image at the padded input; a FLOP count is
    twice as much. Latency is of one image, post-processing included. smnas designs lists the presets.
    """

  private struct Answer: Encodable {
    let design: DetectorDesign
    let parameters: Int
    let macs: Int
    let activations: Int
    let convention: String
    let memoryAccessBytes: Int
    let parts: [PartCost]
    let latencyMilliseconds: LatencySummary?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let design = try DetectorDesign(nameOrText: arguments[design])
    let recipe = try JSON.decode(
      Recipe.self, from: JSON.text(arguments[recipe]), source: "--recipe")
    let cost = DesignCost(design, classes: arguments[classes].value, recipe: recipe)
    let summary = arguments[latency] ? try measure(design, recipe, arguments) : nil
    if arguments[Flag.json] {
      try context.output.json(
        Answer(
          design: design, parameters: cost.parameters, macs: cost.macs,
          activations: cost.activations, convention: CostTable.convention,
          memoryAccessBytes: cost.memoryAccessBytes, parts: cost.parts,
          latencyMilliseconds: summary))
      return .done
    }
    try context.output.line(design.text)
    if let preset = DesignPreset.named(arguments[self.design]) {
      context.log("\(preset.name) is \(preset.certainty.words): \(preset.note)")
    }
    try context.output.line(CostTable.text(cost))
    if let summary {
      try context.output.line(
        "latency: \(Durations.milliseconds(summary.median)) "
          + "(p10 \(Durations.milliseconds(summary.p10)), p90 \(Durations.milliseconds(summary.p90)))"
      )
    }
    return .done
  }

  private static func measure(
    _ design: DetectorDesign, _ recipe: Recipe, _ arguments: Arguments
  ) throws -> LatencySummary? {
    Torch.threads =
      arguments[threads]?.value ?? ProcessInfo.processInfo.activeProcessorCount
    Torch.flushDenormals()
    let detector = try Detector(
      design, classes: arguments[classes].value, recipe: recipe, seed: 0)
    let size = design.input.padded
    var generator = Generator(seed: 0)
    let image = Tensor.normal([1, 3, size.height, size.width], using: &generator)
    return LatencyMeter(settings: recipe.latency).measure { _ in _ = detector.detect(image) }
  }
}
