import DetData
import DetTensor

/// A training that goes on step by step, and can be taken up after any.
protocol SteppedTraining: AnyObject {
  /// Where it stands.
  var progress: TrainingProgress { get set }
  /// What it learns from.
  var loader: Loader { get }
  /// What it learns with.
  var optimizer: RecipeOptimizer { get }

  /// Trains to the end of the epoch under way.
  func trainEpoch(
    shouldStop: () -> Bool, stepped: (TrainingStep) throws -> Void
  ) throws -> EpochResult

  /// Learns from a batch and returns the losses by name, their sum as `loss`.
  func learn(from batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)]
}

/// A step that has just been taken.
public struct TrainingStep: Sendable {
  /// The epoch's number, from 1.
  public let epoch: Int
  /// The step's number in its epoch, from 1.
  public let step: Int
  /// Steps of the epoch.
  public let stepsInEpoch: Int
  /// Steps of the whole training that are left after this one.
  public let stepsLeft: Int
  /// The losses by name, their sum as `loss`.
  public let losses: [String: Double]
  /// The learning rate.
  public let rate: Double
  /// Images learnt from.
  public let images: Int
  /// Wall-clock seconds of the step, waiting included.
  public let seconds: Double
  /// Seconds in which it waited for its images.
  public let waiting: Double
}

extension SteppedTraining {
  /// Takes the steps that are left of the epoch under way.
  ///
  /// Whatever is thrown, ``progress`` and the weights are those after the last whole step.
  ///
  /// - Throws: ``TrainingError/interrupted`` when `shouldStop` says so between two steps, and whatever a step or
  ///   `stepped` throws.
  func finishEpoch(
    shouldStop: () -> Bool, stepped: (TrainingStep) throws -> Void
  ) throws -> EpochResult {
    let epoch = progress.epoch
    let batches = loader.batches(epoch: epoch, startingAt: progress.step)
    let count = max(progress.step, loader.batchCount(epoch: epoch))
    while true {
      let start = LatencyMeter.monotonicMilliseconds()
      guard let batch = try batches.next() else { break }
      let waiting = (LatencyMeter.monotonicMilliseconds() - start) / 1000
      if try optimizer.team.isTrueAnywhere(shouldStop()) { throw TrainingError.interrupted }
      let losses = Dictionary(
        try optimizer.whole { try learn(from: batch, epoch: epoch, step: progress.step) }
      ) { $1 }
      let seconds = (LatencyMeter.monotonicMilliseconds() - start) / 1000
      progress.add(losses, images: batch.wholeCount, seconds: seconds, waiting: waiting)
      try checkLoss(losses)
      try stepped(
        TrainingStep(
          epoch: epoch + 1, step: progress.step, stepsInEpoch: count,
          stepsLeft: max(0, optimizer.totalSteps - progress.steps),
          losses: losses, rate: optimizer.rate, images: batch.wholeCount,
          seconds: seconds, waiting: waiting))
    }
    let result = EpochResult(progress.totals)
    progress.finishEpoch()
    return result
  }

  private func checkLoss(_ losses: [String: Double]) throws {
    guard let loss = losses["loss"], let exploded = progress.losses.note(loss) else { return }
    throw TrainingError.exploded(
      epoch: progress.epoch + 1, step: progress.step, loss: exploded.now,
      untrained: exploded.untrained)
  }

  /// Everything needed to go on, by name.
  var state: [(name: String, tensor: Tensor)] { optimizer.state }

  /// Restores a state that ``state`` gave.
  func restore(_ tensors: [String: Tensor]) throws { try optimizer.restore(tensors) }

  /// Gives all ranks of the team the state of rank 0, as they begin.
  func shareState() throws { try optimizer.shareState() }

  /// Runs `body` on every rank with the final weights of rank 0.
  func withSharedFinalWeights<Result>(_ body: () throws -> Result) throws -> Result {
    try optimizer.withSharedFinalWeights(body)
  }
}
