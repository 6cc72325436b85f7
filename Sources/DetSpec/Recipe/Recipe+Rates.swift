import Foundation

extension Recipe {
  /// The learning rates that a training uses: those of the recipe, scaled to its batch.
  public var usedRates: LearningRate { learningRate.scaled(to: batch) }

  /// The rates in words, and how they came about: `rate 0.03 to 0.0000125 (0.24 to 0.0001 at batch 64)`.
  public var ratesInWords: String {
    func words(_ rate: LearningRate) -> String {
      let end = rate.schedule == .steps ? rate.from / 100 : rate.to
      return String(format: "%.3g to %.3g", rate.from, end)
    }
    let used = "rate \(words(usedRates))"
    guard let reference = learningRate.atBatch, reference != batch else { return used }
    return "\(used) (\(words(learningRate)) at batch \(reference))"
  }
}

extension Recipe.LearningRate {
  /// The rates for another batch, linear in its images.
  public func scaled(to batch: Int) -> Recipe.LearningRate {
    guard let atBatch else { return self }
    var scaled = self
    let factor = Double(batch) / Double(atBatch)
    scaled.from *= factor
    scaled.to *= factor
    scaled.atBatch = batch
    return scaled
  }

  /// `from` as someone writes it, who means it for the batch at hand unless another is named.
  var written: Double {
    get { from }
    set {
      from = newValue
      atBatch = nil
    }
  }
}
