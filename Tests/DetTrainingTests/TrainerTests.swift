import DetData
import DetModel
import DetSpec
import DetTensor
import Testing

@testable import DetTraining

/// Epochs of a small detector on eight drawings.
@Suite(.serialized) struct TrainerTests {
  private func dataset(count: Int = 8) throws -> Dataset {
    try Dataset.load(
      .shapes(
        count: count, size: PixelSize(width: 64, height: 64), seed: 1,
        classes: ["circle", "square"]))
  }

  private func trainer(_ dataset: Dataset, finishedEpochs: Int = 0) throws -> Trainer {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = 3
    recipe.batch = 4
    recipe.learningRate.from = 0.02
    recipe.learningRate.atBatch = nil
    let detector = try Detector(
      DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"), classes: 2,
      recipe: recipe, seed: 5)
    return try Trainer(
      detector: detector, recipe: recipe, dataset: dataset, seed: 5,
      from: TrainingProgress(epoch: finishedEpochs))
  }

  private func weights(_ trainer: Trainer) -> [[Float]] { trainer.state.map { $0.tensor.floats() } }

  @Test func anEpochReportsItsImagesAndEveryLossWithTheirSum() throws {
    let trainer = try trainer(dataset())
    let result = try trainer.trainEpoch()
    #expect(result.images == 8 && result.seconds > 0 && trainer.finishedEpochs == 1)
    let total = try #require(result.losses["loss"])
    let parts = result.losses.filter { $0.key != "loss" }.map(\.value).reduce(0, +)
    #expect(result.losses.count == 5 && abs(total - parts) < 1e-4 * total)
  }

  @Test func imagesWithoutObjectsAreLearntFromAsBackground() throws {
    var dataset = try dataset()
    for index in 0..<4 {
      for box in dataset.samples[index].boxes.indices {
        dataset.samples[index].boxes[box].isIgnored = true
      }
    }
    #expect(try trainer(dataset).trainEpoch().images == 8)
  }

  @Test func theSameSeedGivesTheSameWeights() throws {
    let dataset = try dataset()
    let (one, two) = (try trainer(dataset), try trainer(dataset))
    #expect(try one.trainEpoch().losses == two.trainEpoch().losses)
    #expect(weights(one) == weights(two))
  }

  @Test func anEpochDrawsOtherSamplesThanTheOneBefore() throws {
    let dataset = try dataset()
    let (first, second) = (try trainer(dataset), try trainer(dataset, finishedEpochs: 1))
    #expect(try first.trainEpoch().losses != second.trainEpoch().losses)
  }

  @Test func anInterruptedEpochIsNotFinished() throws {
    let trainer = try trainer(dataset())
    var asked = 0
    #expect(throws: TrainingError.interrupted) {
      try trainer.trainEpoch {
        asked += 1
        return asked == 2
      }
    }
    #expect(trainer.finishedEpochs == 0)
  }

  @Test func tooFewImagesForABatchAreRefused() throws {
    let error = #expect(throws: TrainingError.self) { try trainer(dataset(count: 3)) }
    #expect(
      error?.description == "3 training images do not fill one batch of 4; use a smaller batch")
  }
}
