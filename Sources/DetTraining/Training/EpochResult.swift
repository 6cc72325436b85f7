import DetData

/// The result of one epoch of training.
public struct EpochResult: Sendable {
  /// The mean of each loss over the epoch's steps, and their sum as `loss`.
  public let losses: [String: Double]
  /// Images learnt from.
  public let images: Int
  /// Wall-clock seconds.
  public let seconds: Double
}

extension Loader {
  /// Takes a training step with every batch of an epoch; a step returns its losses by name.
  ///
  /// - Throws: ``TrainingError/interrupted`` when `shouldStop` says so between two steps, and whatever a step throws.
  func trainEpoch(
    _ epoch: Int, shouldStop: () -> Bool, step: (Batch, Int) throws -> [(String, Double)]
  ) throws -> EpochResult {
    let start = LatencyMeter.monotonicMilliseconds()
    var sums: [String: Double] = [:]
    var images = 0
    var steps = 0
    let batches = batches(epoch: epoch)
    while let batch = try batches.next() {
      if shouldStop() { throw TrainingError.interrupted }
      for (name, value) in try step(batch, steps) { sums[name, default: 0] += value }
      images += batch.count
      steps += 1
    }
    return EpochResult(
      losses: sums.mapValues { $0 / Double(max(1, steps)) }, images: images,
      seconds: (LatencyMeter.monotonicMilliseconds() - start) / 1000)
  }

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
