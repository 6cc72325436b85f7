import DetData

/// The result of one epoch of training.
public struct EpochResult: Sendable {
  /// The mean of each loss over the epoch's steps, and their sum as `loss`.
  public let losses: [String: Double]
  /// Images learnt from.
  public let images: Int
  /// Wall-clock seconds.
  public let seconds: Double
  /// The part of them in which nothing was done but wait for images.
  public let waiting: Double

  /// See ``StepTotals/metrics``.
  let metrics: [String: Double]

  init(_ totals: StepTotals) {
    losses = totals.losses
    images = totals.images
    seconds = totals.seconds
    waiting = totals.waiting
    metrics = totals.metrics
  }
}

extension Loader {
  /// The number of steps of an epoch, at least one.
  ///
  /// - Throws: ``TrainingError/data(_:)`` when the images do not fill a batch.
  func stepsPerEpoch() throws -> Int {
    let steps = batchCount()
    guard steps > 0 else {
      let count =
        configuration.backgroundShare.map { dataset.trainingImages(backgroundShare: $0) }
        ?? dataset.samples.count
      throw TrainingError.data(
        "\(count) training images do not fill one batch of \(configuration.batchSize); "
          + "use a smaller batch")
    }
    return steps
  }
}
