import DetData
import DetModel
import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetTraining

/// A batch that is computed in parts is learnt from as a whole.
@Suite(.serialized) struct AccumulationTests {
  /// The weights after two steps on batches of eight, and the losses.
  private func trained(
    _ design: String, atOnce: Int, norm: Recipe.Norm = .group
  ) throws -> (weights: [String: [Float]], losses: [String: Double]) {
    var recipe = RecipePreset.small.recipe
    recipe.norm = norm
    recipe.epochs = 1
    recipe.batch = 8
    recipe.microBatch = atOnce
    recipe.learningRate.warmupSteps = 0
    let dataset = try Dataset.load(
      .shapes(
        count: 16, size: PixelSize(width: 64, height: 64), seed: 1,
        classes: ["circle", "square"]))
    let detector = try Detector(
      DetectorDesign(text: design), classes: 2, recipe: recipe, seed: 5)
    let trainer = try Trainer(detector: detector, recipe: recipe, dataset: dataset, seed: 5)
    let result = try trainer.trainEpoch()
    #expect(result.images == 16)
    let weights = Dictionary(
      uniqueKeysWithValues: detector.store.state.map { ($0.name, $0.tensor.floats()) })
    return (weights, result.losses)
  }

  private func difference(_ one: [String: [Float]], _ other: [String: [Float]]) -> Float {
    one.map { name, values in
      zip(values, other[name] ?? []).map { abs($0 - $1) }.max() ?? .infinity
    }.max() ?? .infinity
  }

  @Test(arguments: [
    "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn",
    "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet",
    "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | cascade 3",
  ])
  func withGroupNormPartsGiveTheWeightsOfTheWholeBatch(design: String) throws {
    let whole = try trained(design, atOnce: 8)
    for atOnce in [1, 3, 4] {
      let parts = try trained(design, atOnce: atOnce)
      for (name, loss) in whole.losses {
        #expect(
          abs(loss - (parts.losses[name] ?? .nan)) < 1e-5 * max(1, loss), "\(name), \(atOnce)")
      }
      #expect(difference(whole.weights, parts.weights) < 1e-5, "\(atOnce) at once")
    }
  }

  /// Guided anchors divide by numbers that differ from image to image: each part by its own.
  @Test func guidedAnchorsInPartsAreNearTheWholeBatch() throws {
    let design = "64x64 | resnet18 8 | fpn P1-P2 16 | ga-rpn | rcnn"
    let whole = try trained(design, atOnce: 8)
    let parts = try trained(design, atOnce: 4)
    for (name, loss) in whole.losses {
      #expect(abs(loss - (parts.losses[name] ?? .nan)) < 1e-2 * max(1, loss), "\(name)")
    }
  }

  @Test func batchStatisticsAreThoseOfAPart() throws {
    let design = "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet"
    let whole = try trained(design, atOnce: 8, norm: .batch)
    let parts = try trained(design, atOnce: 4, norm: .batch)
    #expect(difference(whole.weights, parts.weights) > 1e-3)
  }

  @Test func aBatchIsDividedEvenly() {
    var recipe = Recipe.paper
    recipe.batch = 64
    #expect(recipe.usedMicroBatch == 8 && recipe.batchInWords == "batch 64 as 8 times 8")
    recipe.batch = 10
    #expect(recipe.batchInWords == "batch 10 as 2 times 5")
    recipe.microBatch = 3
    #expect(recipe.batchInWords == "batch 10 in 4 parts of at most 3")
    recipe.microBatch = 10
    #expect(recipe.batchInWords == "batch 10")
  }
}
