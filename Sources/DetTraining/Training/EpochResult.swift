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

  init(_ progress: TrainingProgress) {
    let steps = Double(max(1, progress.step))
    losses = progress.sums.mapValues { $0 / steps }
    images = progress.images
    seconds = progress.seconds
    waiting = progress.waiting
  }

  /// The losses, images a second as `imagesPerSecond`, and the share of waiting for data as `waiting`.
  var metrics: [String: Double] {
    var metrics = losses
    metrics["imagesPerSecond"] = Double(images) / max(seconds, 1e-9)
    metrics["waiting"] = waiting / max(seconds, 1e-9)
    return metrics
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
