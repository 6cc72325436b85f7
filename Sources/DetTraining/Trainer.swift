import DetBasics
public import DetData
public import DetModel
import DetNN
public import DetSpec
import DetTensor

/// Trains a detector by a recipe: one call an epoch, everything random derived from (seed, epoch).
///
/// A training that is stopped after an epoch and goes on from its checkpoint computes what one
/// that was never stopped computes.
public final class Trainer {
  /// The detector that is trained.
  public let detector: Detector
  /// Epochs finished so far.
  public private(set) var finishedEpochs = 0

  private let recipe: Recipe
  private let loader: Loader
  private let seed: UInt64
  private let gate: ComputeGate?
  private let optimizer: SGD
  private let average: WeightAverage?
  private let stepsPerEpoch: Int

  /// What an epoch came to.
  public struct EpochResult: Sendable {
    /// The mean of each loss over the epoch's steps, and their sum as `loss`.
    public let losses: [String: Double]
    /// Images learnt from.
    public let images: Int
    /// Wall-clock seconds.
    public let seconds: Double
  }

  /// A trainer at epoch 0.
  public init(
    detector: Detector, recipe: Recipe, dataset: Dataset, input: InputSize, seed: UInt64,
    loadingThreads: Int = 1, gate: ComputeGate? = nil
  ) throws {
    self.detector = detector
    self.recipe = recipe
    self.seed = seed
    self.gate = gate
    loader = Loader(
      dataset: dataset, configuration: .training(recipe, input: input, seed: seed),
      threads: loadingThreads)
    stepsPerEpoch = loader.batchCount()
    guard stepsPerEpoch > 0 else {
      throw TrainingError.data(
        "\(dataset.samples.count) training images do not fill one batch of \(recipe.batch); "
          + "use a smaller batch")
    }
    optimizer = SGD(
      detector.store, rate: recipe.learningRate.from, momentum: recipe.momentum,
      weightDecay: recipe.weightDecay)
    average = recipe.weightAverage > 0
      ? WeightAverage(detector.store, decay: recipe.weightAverage) : nil
  }

  /// Trains one epoch.
  ///
  /// Throws ``TrainingError/diverged(epoch:step:what:)`` when loss or gradient stop being finite; the
  /// weights of the last step are then of no use.
  public func trainEpoch(shouldStop: () -> Bool = { false }) throws -> EpochResult {
    let epoch = finishedEpochs
    let start = LatencyMeter.monotonicMilliseconds()
    detector.store.mode = .training
    var sums: [String: Double] = [:]
    var images = 0
    var step = 0
    let batches = loader.batches(epoch: epoch)
    while let batch = try batches.next() {
      if shouldStop() { throw TrainingError.interrupted }
      let losses = try gate.sharing { try train(batch, epoch: epoch, step: step) }
      for (name, value) in losses { sums[name, default: 0] += value }
      images += batch.count
      step += 1
    }
    finishedEpochs += 1
    let seconds = (LatencyMeter.monotonicMilliseconds() - start) / 1000
    let means = sums.mapValues { $0 / Double(max(1, step)) }
    return EpochResult(losses: means, images: images, seconds: seconds)
  }

  private func train(_ batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)] {
    let generator = Generator(seed: seed).stream("samples", epoch * stepsPerEpoch + step)
    let losses = detector.losses(
      try batch.tensor(on: detector.store.device), truths: batch.truths, generator: generator)
    let total = losses.dropFirst().reduce(losses[0].value) { $0 + $1.value }
    let value = total.item()
    guard value.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the loss")
    }
    total.backward()
    let globalStep = epoch * stepsPerEpoch + step
    optimizer.rate = recipe.learningRate.rate(
      step: globalStep, of: recipe.epochs * stepsPerEpoch)
    let norm = optimizer.step(clip: recipe.clipNorm > 0 ? recipe.clipNorm : nil)
    guard norm.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the gradient")
    }
    average?.update(step: globalStep)
    return losses.map { ($0.name, $0.value.item()) } + [("loss", value)]
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    detector.store.mode = .evaluation
    guard let average else { return try body() }
    return try average.applied(body)
  }

  // MARK: - Checkpoints

  /// Everything that continuing takes, by name.
  var state: [(name: String, tensor: Tensor)] {
    let weights = detector.store.entries.map { ($0.name, $0.tensor) }
    return weights + optimizer.state + (average?.state ?? [])
  }

  /// Goes on from a state that ``state`` gave after so many epochs.
  func restore(_ tensors: [String: Tensor], epochs: Int) throws {
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
    finishedEpochs = epochs
  }
}
