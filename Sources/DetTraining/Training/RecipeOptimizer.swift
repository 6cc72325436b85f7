import DetNN
import DetSpec
import DetTensor

/// What a recipe does with losses: steps of gradient descent on its schedule, and the average of the weights.
///
/// A step is made of parts: ``add(_:values:share:isLast:epoch:step:)`` adds the gradient of each, ``step(epoch:step:)`` goes down their
/// sum. In a team gradients are summed over all ranks while those of the last part are computed, so that every rank takes
/// the same step.
final class RecipeOptimizer {
  private let recipe: Recipe
  private let store: ParameterStore
  private let descent: any Optimizer
  private let average: ExponentialMovingAverage?
  /// The weights of the best epoch so far, where the recipe keeps them.
  private let best: WeightCopy?
  private let schedule: Schedule
  private let stepsPerEpoch: Int
  private let exchange: GradientExchange
  /// With whom it learns.
  let team: any Team

  /// An optimizer that goes on after so many steps; ``restore(_:)`` then gives it their state.
  init(
    _ store: ParameterStore, recipe: Recipe, stepsPerEpoch: Int, finishedSteps: Int = 0,
    team: any Team = Alone()
  ) {
    self.store = store
    self.team = team
    exchange = GradientExchange(store.trainable.map(\.tensor), team: team)
    self.recipe = recipe
    self.stepsPerEpoch = stepsPerEpoch
    descent = recipe.optimizer(for: store)
    schedule = recipe.usedRates.schedule(steps: recipe.epochs * stepsPerEpoch)
    average =
      recipe.weightAverage > 0
      ? ExponentialMovingAverage(store, decay: recipe.weightAverage, steps: finishedSteps) : nil
    best = recipe.keeps == .best ? WeightCopy(store) : nil
  }

  /// Steps of the whole training.
  var totalSteps: Int { recipe.epochs * stepsPerEpoch }

  /// The rate of the last step.
  var rate: Double { descent.rate }

  /// Adds the gradient of a part of the step's batch to those before, weighted by its share of the images, so that they sum
  /// to that of the batch's mean.
  ///
  /// That is exact for losses that are means over images, and for those divided by a number of samples where every image
  /// has equally many (the usual case: as many anchors and regions as the recipe asks for). Where an image offers fewer,
  /// each part divides by its own number, and the sum differs from the whole batch's by the unevenness of the parts.
  ///
  /// - Parameters:
  ///   - loss: the part's loss; in a team, what this rank's images add to it.
  ///   - values: other numbers to report, that likewise add up over the ranks.
  ///   - share: the part's share of the images.
  ///   - isLast: whether it is the last part of the batch.
  ///   - epoch: the epoch's number, from 0.
  ///   - step: the step's number in it, from 0.
  /// - Returns: the numbers, added up, and the loss as `loss`.
  /// - Throws: ``TrainingError/diverged(epoch:step:what:)`` on all ranks when the loss of any is not finite, and `TeamError`.
  func add(
    _ loss: Tensor, values: [(String, Double)] = [], share: Double = 1, isLast: Bool = true,
    epoch: Int, step: Int
  ) throws -> [(String, Double)] {
    let sums = try team.sum([loss.item()] + values.map(\.1))
    guard sums[0].isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the loss")
    }
    if isLast { exchange.begin() }
    (share == 1 ? loss : loss * share).backward()
    return zip(values, sums.dropFirst()).map { ($0.0, $1) } + [("loss", sums[0])]
  }

  /// Takes a step down the sum of the gradients that were added, and forgets them.
  func step(epoch: Int, step: Int) throws {
    try exchange.finish()
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

  /// Runs `body` on every rank with the final weights of rank 0, running statistics included: those that its file will hold.
  func withSharedFinalWeights<Result>(_ body: () throws -> Result) throws -> Result {
    try withFinalWeights { try shared(body) }
  }

  /// Runs `body` on every rank with what the store of rank 0 holds.
  func shared<Result>(_ body: () throws -> Result) throws -> Result {
    try team.broadcast(store.entries.map(\.tensor))
    return try body()
  }

  /// Keeps the final weights as they are now, where the recipe keeps the best.
  func keepBest() {
    guard let best else { return }
    withFinalWeights { best.take() }
  }

  /// Whether ``keepBest()`` keeps anything.
  var keepsBest: Bool { best != nil }

  /// Runs `body` with the weights that were kept last.
  func withBestWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    store.mode = .evaluation
    guard let best else { return try body() }
    return try best.whileApplied(body)
  }

  /// Runs a step; when it fails, running statistics are those before it, as weights are, so that a checkpoint is of whole
  /// steps.
  func whole<Result>(_ step: () throws -> Result) rethrows -> Result {
    guard !team.isAlone else { return try step() }
    let buffers = store.entries.filter { !$0.isParameter }.map(\.tensor)
    let before = buffers.map { $0.cloned() }
    do {
      return try step()
    } catch {
      withoutGradient { for (buffer, old) in zip(buffers, before) { buffer.copy_(old) } }
      throw error
    }
  }

  /// Gives all ranks the state of rank 0.
  func shareState() throws { try team.broadcast(state.map(\.tensor)) }

  // MARK: - Checkpoints

  /// Everything needed to resume, by name.
  var state: [(name: String, tensor: Tensor)] {
    let averages = average?.state.map { ("\($0.name).average", $0.tensor) } ?? []
    let kept = best?.state.map { ("\($0.name).best", $0.tensor) } ?? []
    return store.state + descent.state + averages + kept
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
