import DetNN
import DetSpec
import DetTensor

/// What a recipe does with losses: steps of gradient descent on its schedule, and the average of the weights.
///
/// A step is made of parts: ``add(_:share:epoch:step:)`` adds the gradient of each, ``step(epoch:step:)`` goes down their sum.
final class RecipeOptimizer {
  private let recipe: Recipe
  private let store: ParameterStore
  private let descent: any Optimizer
  private let average: ExponentialMovingAverage?
  private let schedule: Schedule
  private let stepsPerEpoch: Int

  /// An optimizer that goes on after so many steps; ``restore(_:)`` then gives it their state.
  init(_ store: ParameterStore, recipe: Recipe, stepsPerEpoch: Int, finishedSteps: Int = 0) {
    self.store = store
    self.recipe = recipe
    self.stepsPerEpoch = stepsPerEpoch
    descent = recipe.optimizer(for: store)
    schedule = recipe.usedRates.schedule(steps: recipe.epochs * stepsPerEpoch)
    average =
      recipe.weightAverage > 0
      ? ExponentialMovingAverage(store, decay: recipe.weightAverage, steps: finishedSteps) : nil
  }

  /// Steps of the whole training.
  var totalSteps: Int { recipe.epochs * stepsPerEpoch }

  /// The rate of the last step.
  var rate: Double { descent.rate }

  /// Adds the gradient of a part of the step's batch to those before, weighted by its share of the images, so that they sum
  /// to that of the batch's mean; returns the part's loss.
  ///
  /// That is exact for losses that are means over images, and for those divided by a number of samples where every image
  /// has equally many (the usual case: as many anchors and regions as the recipe asks for). Where an image offers fewer,
  /// each part divides by its own number, and the sum differs from the whole batch's by the unevenness of the parts.
  func add(_ loss: Tensor, share: Double = 1, epoch: Int, step: Int) throws -> Double {
    let value = loss.item()
    guard value.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the loss")
    }
    (share == 1 ? loss : loss * share).backward()
    return value
  }

  /// Takes a step down the sum of the gradients that were added, and forgets them.
  func step(epoch: Int, step: Int) throws {
    // All gradients of the step are there, and none was used: the place for whoever averages them over devices.
    let progress = Double(epoch * stepsPerEpoch + step) / Double(totalSteps)
    descent.rate = schedule(progress)
    let norm = descent.step(clip: recipe.clipNorm > 0 ? recipe.clipNorm : nil)
    guard norm.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the gradient")
    }
    average?.update()
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    store.mode = .evaluation
    guard let average else { return try body() }
    return try average.whileApplied(body)
  }

  // MARK: - Checkpoints

  /// Everything needed to resume, by name.
  var state: [(name: String, tensor: Tensor)] {
    let averages = average?.state.map { ("\($0.name).average", $0.tensor) } ?? []
    return store.state + descent.state + averages
  }

  /// Restores a state that ``state`` gave.
  func restore(_ tensors: [String: Tensor]) throws {
    for (name, tensor) in state {
      guard let saved = tensors[name] else {
        throw TrainingError.data("the checkpoint lacks \"\(name)\"; train afresh")
      }
      guard saved.shape == tensor.shape else {
        throw TrainingError.data(
          "\"\(name)\" has the shape \(saved.shape) in the checkpoint and \(tensor.shape) in the design; "
            + "train afresh")
      }
      withoutGradient { tensor.copy_(saved) }
    }
  }
}

extension Recipe.LearningRate {
  /// The rate over the progress of a training of `steps` steps; warm-up takes at most a fifth of it.
  func schedule(steps: Int) -> Schedule {
    let decline: Schedule =
      switch schedule {
      case .cosine: .cosine(from: from, to: to)
      case .steps: .steps(from: from, milestones: [2.0 / 3, 11.0 / 12], factor: 0.1)
      }
    let share = min(Double(warmupSteps) / Double(max(1, steps)), 0.2)
    return decline.warmedUp(for: share, from: from / 100)
  }
}
