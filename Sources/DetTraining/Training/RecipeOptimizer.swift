import DetNN
import DetSpec
import DetTensor

/// What a recipe does with losses: steps of gradient descent on its schedule, and the average of the weights.
final class RecipeOptimizer {
  private let recipe: Recipe
  private let store: ParameterStore
  private let descent: SGD
  private let average: ExponentialMovingAverage?
  private let schedule: Schedule
  private let stepsPerEpoch: Int

  /// An optimizer that resumes after `finishedEpochs` epochs.
  init(_ store: ParameterStore, recipe: Recipe, stepsPerEpoch: Int, finishedEpochs: Int) {
    self.store = store
    self.recipe = recipe
    self.stepsPerEpoch = stepsPerEpoch
    descent = SGD(
      store, rate: recipe.usedRates.from, momentum: recipe.momentum,
      weightDecay: recipe.weightDecay)
    schedule = recipe.usedRates.schedule(steps: recipe.epochs * stepsPerEpoch)
    average =
      recipe.weightAverage > 0
      ? ExponentialMovingAverage(
        store, decay: recipe.weightAverage, steps: finishedEpochs * stepsPerEpoch) : nil
  }

  /// Takes one step down the gradient of a loss and returns the loss's value.
  func step(_ loss: Tensor, epoch: Int, step: Int) throws -> Double {
    let value = loss.item()
    guard value.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the loss")
    }
    loss.backward()
    let progress = Double(epoch * stepsPerEpoch + step) / Double(recipe.epochs * stepsPerEpoch)
    descent.rate = schedule(progress)
    let norm = descent.step(clip: recipe.clipNorm > 0 ? recipe.clipNorm : nil)
    guard norm.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the gradient")
    }
    average?.update()
    return value
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
