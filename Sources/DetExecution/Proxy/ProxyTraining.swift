import DetBasics
import DetSearch
package import DetSpec

/// A training that may stand in for a longer one: what a search pays for each design.
package struct ProxyTraining: Codable, Hashable, Sendable {
  /// Epochs.
  package let epochs: Int
  /// The share of the training images that are learnt from.
  package let imageShare: Double
  /// What both sides of a design's input are multiplied by.
  package let scale: Double

  /// Describes a training.
  package init(epochs: Int, imageShare: Double = 1, scale: Double = 1) {
    self.epochs = epochs
    self.imageShare = imageShare
    self.scale = scale
  }

  /// In words, as in `4 epochs, half of the images, 0.75 of the size`.
  package var words: String {
    let parts = [
      epochs == 1 ? "1 epoch" : "\(epochs) epochs",
      imageShare == 1 ? nil : "\((100 * imageShare).fixed(0)) % of the images",
      scale == 1 ? nil : "\(scale.fixed(2)) of the size",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// The design at the training's size: sides are rounded to multiples of 32, to which images are padded anyway.
  package func scaled(_ design: DetectorDesign) throws -> DetectorDesign {
    guard scale != 1 else { return design }
    func side(_ pixels: Int) -> Int {
      max(InputSize.sides.lowerBound, Int((Double(pixels) * scale / 32).rounded()) * 32)
    }
    return try DetectorDesign(
      input: InputSize(width: side(design.input.width), height: side(design.input.height)),
      backbone: design.backbone, neck: design.neck, proposals: design.proposals, head: design.head)
  }

  /// The recipe with the training's epochs, judged at the end only; rates are those that are used for its batch.
  func recipe(_ recipe: Recipe) -> Recipe {
    var recipe = recipe
    recipe.epochs = epochs
    recipe.evaluateEvery = epochs
    recipe.learningRate = recipe.usedRates
    return recipe
  }
}

/// What one design reached by one training with one seed; kept as a line of a file.
package struct ProxyResult: Codable, Hashable, Sendable {
  /// The training.
  package let training: ProxyTraining
  /// The design, at its own size.
  package let design: DetectorDesign
  /// Which of the repetitions it is, from 1.
  package let repetition: Int
  /// Its accuracy, by the objective of the plan; nil when the training ended without results.
  package let accuracy: Double?
  /// How long it took.
  package let seconds: Double
  /// Why there are no results; nil when there are.
  package let reason: String?
}
