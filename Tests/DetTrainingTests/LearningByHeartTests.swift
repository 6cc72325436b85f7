import DetData
import DetModel
import DetSpec
import DetTensor
import Foundation
import Testing

@testable import DetTraining

/// Every head learns eight drawings by heart: boxes to a pixel, as an AP of 0.9 asks for.
@Suite(.serialized) struct LearningByHeartTests {
  private static let isThorough = ProcessInfo.processInfo.environment["SMNAS_THOROUGH"] != nil

  /// Each head and each kind of proposals once; with `SMNAS_THOROUGH` set each with each.
  static let designs =
    [
      "96x96 | resnet18 8 | fpn P1-P3 24 | rpn | cascade 2",
      "96x96 | resnet18 8 | fpn P1-P3 24 | ga-rpn | rcnn",
      "96x96 | resnet18 8 | fpn P1-P3 24 | none | retinanet",
    ]
    + (isThorough
      ? [
        "96x96 | resnet18 8 | fpn P1-P3 24 | rpn | rcnn",
        "96x96 | resnet18 8 | fpn P1-P3 24 | ga-rpn | cascade 2",
      ] : [])

  /// Adaptive steps without decay and variation of images, so that few are enough; RetinaNet's deep head needs norms and more of them.
  private func recipe(_ design: DetectorDesign) -> Recipe {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = 120
    recipe.optimizer = .adamW
    (recipe.learningRate.from, recipe.learningRate.to) = (0.003, 0)
    recipe.learningRate.warmupSteps = 10
    recipe.weightDecay = 0
    recipe.augmentation.horizontalFlip = 0
    recipe.detection.anchorScale = 4
    recipe.weightStandardization = false
    recipe.norm = .batch
    if design.head == .retinanet() {
      recipe.epochs = 180
      recipe.norm = .group
      recipe.learningRate.from = 0.001
    }
    return recipe
  }

  @Test(arguments: designs) func eightDrawingsAreLearntByHeart(text: String) throws {
    let dataset = try Dataset.load(
      .shapes(
        count: 8, size: PixelSize(width: 64, height: 64), seed: 3, classes: ["circle", "square"]))
    let design = try DetectorDesign(text: text)
    let recipe = recipe(design)
    let detector = try Detector(design, classes: 2, recipe: recipe, seed: 5)
    let trainer = try Trainer(detector: detector, recipe: recipe, dataset: dataset, seed: 5)
    for _ in 0..<recipe.epochs { _ = try trainer.trainEpoch() }
    let validation = try Validation(dataset: dataset, input: design.input)
    let metrics = try trainer.withFinalWeights { try validation.evaluate(detector) }.metrics
    let accuracy = try #require(metrics["AP"])
    #expect(accuracy >= 0.9, "AP is \(accuracy)")
  }
}
