import DetBasics
public import DetData
public import DetModel
import DetNN
public import DetSpec
public import DetTensor

/// Trains a detector by a recipe: one call an epoch, everything random derived from (seed, epoch).
///
/// A training that is stopped after an epoch and resumed from its checkpoint ends with the weights of one
/// that was never stopped.
public final class Trainer {
  /// The detector that is trained.
  public let detector: Detector
  /// Epochs finished so far.
  public private(set) var finishedEpochs = 0

  private let recipe: Recipe
  private let loader: Loader
  private let seed: UInt64
  private let gate: ComputeGate?
  private let optimizer: RecipeOptimizer
  private let stepsPerEpoch: Int

  /// A trainer that resumes after `finishedEpochs` epochs; ``restore(_:)`` then gives it their state.
  public init(
    detector: Detector, recipe: Recipe, dataset: Dataset, seed: UInt64, finishedEpochs: Int = 0,
    loadingThreads: Int = 1, gate: ComputeGate? = nil
  ) throws {
    self.detector = detector
    self.finishedEpochs = finishedEpochs
    self.recipe = recipe
    self.seed = seed
    self.gate = gate
    loader = Loader(
      dataset: dataset, configuration: .training(recipe, input: detector.design.input, seed: seed),
      threads: loadingThreads)
    stepsPerEpoch = try loader.stepsPerEpoch()
    optimizer = RecipeOptimizer(
      detector.store, recipe: recipe, stepsPerEpoch: stepsPerEpoch, finishedEpochs: finishedEpochs)
  }

  /// Trains one epoch.
  ///
  /// Throws ``TrainingError/diverged(epoch:step:what:)`` when loss or gradient stop being finite; the
  /// weights are then useless.
  public func trainEpoch(shouldStop: () -> Bool = { false }) throws -> EpochResult {
    let epoch = finishedEpochs
    detector.store.mode = .training
    let result = try loader.trainEpoch(epoch, shouldStop: shouldStop) { batch, step in
      try gate.sharing { try train(batch, epoch: epoch, step: step) }
    }
    finishedEpochs += 1
    return result
  }

  private func train(_ batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)] {
    let generator = Generator(seed: seed).stream("samples", epoch * stepsPerEpoch + step)
    let losses = detector.losses(
      try batch.tensor(on: detector.store.device), sizes: batch.imageSizes, truths: batch.truths,
      generator: generator)
    let value = try optimizer.step(losses.total, epoch: epoch, step: step)
    return losses.map { ($0.name, $0.value.item()) } + [("loss", value)]
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    try optimizer.withFinalWeights(body)
  }

  // MARK: - Checkpoints

  /// Everything needed to resume, by name.
  public var state: [(name: String, tensor: Tensor)] { optimizer.state }

  /// Restores a state that ``state`` gave after ``finishedEpochs`` epochs.
  public func restore(_ tensors: [String: Tensor]) throws { try optimizer.restore(tensors) }
}
