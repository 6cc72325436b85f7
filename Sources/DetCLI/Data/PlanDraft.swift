import DetBasics
import DetCommand
import DetData
import DetSpec

/// A plan for a data set: what its images, its boxes and the machine suggest.
struct PlanDraft {
  /// What the search will run on.
  struct Machine {
    /// Cores of the processor.
    let cores: Int
    /// An accelerator; nil when there is none.
    let device: String?
  }

  let name: String
  let seed: UInt64
  let machine: Machine
  let sources: InitSources
  let advice: DatasetAdvice
  /// Training samples, tiles counted singly.
  let trainingSamples: Int
  /// Samples to measure on.
  let validationSamples: Int
  /// Designs to evaluate.
  var trials = 24
  /// What the forecast says a trial takes; nil before it was asked.
  var secondsPerTrial = 0.0

  /// Without an accelerator an input of more pixels trains for days.
  private static let mostPixelsOnProcessor = 320 * 320

  init(_ sources: InitSources, name: String, seed: UInt64, machine: Machine) {
    self.name = name
    self.seed = seed
    self.machine = machine
    advice =
      machine.device == nil
      ? DatasetAdvice(sources.images, rule: .detectors, mostPixels: Self.mostPixelsOnProcessor)
      : DatasetAdvice(sources.images, rule: .detectors)
    var sources = sources
    sources.cut(advice.tiles)
    self.sources = sources
    trainingSamples =
      advice.tiles.map { sources.images.tiled($0).samples.count }
      ?? sources.images.samples.count
    // Small data sets need more passes: about four thousand images are looked at, each at least six times.
    epochs = min(max(4000 / max(1, trainingSamples), 6), 30)
    let ratio = Double(trainingSamples) / Double(max(1, sources.images.samples.count))
    validationSamples = max(1, Int(Double(sources.validationImages) * ratio))
  }

  var inputs: [PixelSize] { advice.inputs }
  var classes: [String] { sources.images.categories.map(\.name) }
  var isSmall: Bool { machine.device == nil || trainingSamples < 3000 }

  /// What the forecast counts with.
  var summary: DataSummary {
    DataSummary(
      trainingImages: trainingSamples, validationImages: validationSamples,
      trainingBoxes: sources.images.boxCount, classes: classes, backgroundImages: 0,
      objectImages: trainingSamples)
  }

  /// Passes over the training images.
  var epochs: Int

  /// A batch is at most a quarter of the training samples.
  var batch: Int { min(8, max(1, trainingSamples / 4)) }

  var recipe: RecipePreset { isSmall ? .small : .structural }

  var backbones: [String] {
    isSmall
      ? ["resnet18 16", "resnet18 24", "resnet18 32", "basicblock 24 1-21-21-12"]
      : ["resnet18", "resnet34", "resnet50", "resnet101", "mobilenetv2"]
  }

  /// Pyramids that begin and end around the levels that fit the boxes.
  var necks: [String] {
    let channels = isSmall ? [48, 64] : [128, 256]
    let finest = min(advice.finestLevel, 3)
    let coarsest = min(max(advice.coarsestLevel, finest + 1), 6)
    var ranges: [(Int, Int)] = []
    for low in [finest, min(finest + 1, 3)] {
      for high in [coarsest, min(coarsest + 1, 6)] where high > low {
        if !ranges.contains(where: { $0 == (low, high) }) { ranges.append((low, high)) }
      }
    }
    return ranges.enumerated().map { index, range in
      "fpn P\(range.0)-P\(range.1) \(channels[index % 2])"
    }
  }

  var workers: Int { machine.device == nil && machine.cores >= 4 ? machine.cores / 4 : 1 }

  /// Four times the forecast, between five minutes and a day.
  var timeoutSeconds: Int {
    let wanted = 4 * secondsPerTrial * Double(workers)
    return Int(min(max(wanted, 300), 86_400))
  }
}
