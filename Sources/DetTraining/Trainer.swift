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
  private let average: ExponentialMovingAverage?
  private let schedule: Schedule
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

  /// A trainer that has so many epochs behind it; ``restore(_:)`` then gives it their state.
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
    stepsPerEpoch = loader.batchCount()
    guard stepsPerEpoch > 0 else {
      throw TrainingError.data(
        "\(dataset.samples.count) training images do not fill one batch of \(recipe.batch); "
          + "use a smaller batch")
    }
    optimizer = SGD(
      detector.store, rate: recipe.learningRate.from, momentum: recipe.momentum,
      weightDecay: recipe.weightDecay)
    let steps = recipe.epochs * stepsPerEpoch
    schedule = recipe.learningRate.schedule(steps: steps)
    average =
      recipe.weightAverage > 0
      ? ExponentialMovingAverage(
        detector.store, decay: recipe.weightAverage, steps: finishedEpochs * stepsPerEpoch) : nil
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
      try batch.tensor(on: detector.store.device), sizes: batch.imageSizes, truths: batch.truths,
      generator: generator)
    let total = losses.total
    let value = total.item()
    guard value.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the loss")
    }
    total.backward()
    let globalStep = epoch * stepsPerEpoch + step
    optimizer.rate = schedule(Double(globalStep) / Double(recipe.epochs * stepsPerEpoch))
    let norm = optimizer.step(clip: recipe.clipNorm > 0 ? recipe.clipNorm : nil)
    guard norm.isFinite else {
      throw TrainingError.diverged(epoch: epoch + 1, step: step + 1, what: "the gradient")
    }
    average?.update()
    return losses.map { ($0.name, $0.value.item()) } + [("loss", value)]
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    detector.store.mode = .evaluation
    guard let average else { return try body() }
    return try average.whileApplied(body)
  }

  // MARK: - Checkpoints

  /// Everything that going on takes, by name.
  var state: [(name: String, tensor: Tensor)] {
    let averages = average?.state.map { ("\($0.name).average", $0.tensor) } ?? []
    return detector.store.state + optimizer.state + averages
  }

  /// Takes over a state that ``state`` gave after ``finishedEpochs`` epochs.
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
  /// The rate over the progress of a training of so many steps; warm-up takes a fifth of it at most.
  func schedule(steps: Int) -> DetNN.Schedule {
    let decline: DetNN.Schedule =
      switch schedule {
      case .cosine: .cosine(from: from, to: to)
      case .steps: .steps(from: from, milestones: [2.0 / 3, 11.0 / 12], factor: 0.1)
      }
    let share = min(Double(warmupSteps) / Double(max(1, steps)), 0.2)
    return decline.warmedUp(for: share, from: from / 100)
  }
}
