import DetBasics
public import DetData
public import DetModel
import DetNN
public import DetSpec
public import DetTensor

/// Trains a detector by a recipe: one call an epoch, everything random derived from (seed, epoch, step).
///
/// A training that is stopped after any step and goes on from its state ends with the weights of one that was never
/// stopped.
public final class Trainer: SteppedTraining {
  /// The detector that is trained.
  public let detector: Detector
  /// Where the training stands.
  public internal(set) var progress: TrainingProgress
  /// Epochs finished so far.
  public var finishedEpochs: Int { progress.epoch }

  let loader: Loader
  let optimizer: RecipeOptimizer
  private let imagesAtOnce: Int
  private let seed: UInt64
  private let gate: ComputeGate?
  private let stepsPerEpoch: Int

  /// A trainer that goes on from where a training stood; ``restore(_:)`` then gives it that state.
  ///
  /// - Parameters:
  ///   - detector: what is trained.
  ///   - recipe: how.
  ///   - dataset: what it learns from.
  ///   - seed: the seed of everything random.
  ///   - progress: where it stood.
  ///   - imagesAtOnce: images computed at once, of which the gradients add up to the batch's; nil for the recipe's.
  ///   - team: with whom it trains, each on an equal share of every batch.
  ///   - loadingThreads: threads that read images.
  ///   - gate: how it takes turns with other processes.
  /// - Throws: ``TrainingError`` when the images do not fill a batch.
  public init(
    detector: Detector, recipe: Recipe, dataset: Dataset, seed: UInt64,
    from progress: TrainingProgress = TrainingProgress(), imagesAtOnce: Int? = nil,
    team: any Team = Alone(), loadingThreads: Int = 1, gate: ComputeGate? = nil
  ) throws {
    self.detector = detector
    self.progress = progress
    self.imagesAtOnce = imagesAtOnce ?? recipe.usedMicroBatch
    self.seed = seed
    self.gate = gate
    var configuration = LoaderConfiguration.training(
      recipe, input: detector.design.input, seed: seed)
    configuration.share = try team.share(ofBatch: recipe.batch)
    loader = Loader(dataset: dataset, configuration: configuration, threads: loadingThreads)
    stepsPerEpoch = try loader.stepsPerEpoch()
    optimizer = RecipeOptimizer(
      detector.store, recipe: recipe, stepsPerEpoch: stepsPerEpoch, finishedSteps: progress.steps,
      team: team)
  }

  /// Trains to the end of the epoch.
  ///
  /// - Parameters:
  ///   - shouldStop: asked between steps.
  ///   - stepped: told of every step.
  /// - Returns: the epoch's losses, and how long it took.
  /// - Throws: ``TrainingError/diverged(epoch:step:what:)`` when loss or gradient stop being finite; the weights are then
  ///   useless. ``TrainingError/interrupted`` after a whole step.
  public func trainEpoch(
    shouldStop: () -> Bool = { false }, stepped: (TrainingStep) throws -> Void = { _ in }
  ) throws -> EpochResult {
    detector.store.mode = .training
    return try finishEpoch(shouldStop: shouldStop, stepped: stepped)
  }

  func learn(from batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)] {
    try gate.sharing { try learnAlone(from: batch, epoch: epoch, step: step) }
  }

  private func learnAlone(from batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)] {
    let generator = Generator(seed: seed).stream("samples", epoch * stepsPerEpoch + step)
    var sums: [(String, Double)] = []
    for part in batch.parts(of: imagesAtOnce) {
      let losses = detector.losses(
        try part.tensor(on: detector.store.device), sizes: part.sizes, truths: part.truths,
        firstImage: part.firstImage, team: optimizer.team, generator: generator)
      sums.add(
        try optimizer.add(
          losses.total, values: losses.map { ($0.name, $0.value.item()) }, share: part.share,
          isLast: part.isLast, epoch: epoch, step: step),
        part.share)
    }
    try optimizer.step(epoch: epoch, step: step)
    return sums
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    try optimizer.withFinalWeights(body)
  }

  // MARK: - Checkpoints

  /// Everything needed to go on after the last step, by name; ``progress`` belongs to it.
  public var state: [(name: String, tensor: Tensor)] { optimizer.state }

  /// Restores a state that ``state`` gave.
  public func restore(_ tensors: [String: Tensor]) throws { try optimizer.restore(tensors) }
}

extension [(String, Double)] {
  /// Adds values that count for a share of the whole; the first addition names them.
  mutating func add(_ values: [(String, Double)], _ share: Double) {
    guard !isEmpty else {
      self = values.map { ($0.0, share * $0.1) }
      return
    }
    for (place, value) in values.enumerated() { self[place].1 += share * value.1 }
  }
}
