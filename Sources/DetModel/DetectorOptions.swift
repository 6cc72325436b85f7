public import DetSpec

/// How a detector is built beside its design: what the recipe says about layers, samples and limits.
public struct DetectorOptions: Hashable, Sendable {
  /// Normalisation of the backbone, and of neck and dense heads where it is `group`.
  public var norm: Recipe.Norm
  /// Whether the convolutions of the backbone standardise their weights (Qiao et al. 2019).
  public var weightStandardization: Bool
  /// Anchors, samples, limits, width of the head.
  public var detection: DetectionSettings
  /// The side, in pixels, of a region that is pooled at stride 16 (Lin et al. 2017, equation 1).
  public var canonicalSize = 224.0

  /// What convolutions and fully connected layers compute in; parameters, losses and boxes stay float32.
  public var precision: Recipe.Precision

  /// Options by the recipe.
  public init(recipe: Recipe) {
    norm = recipe.norm
    weightStandardization = recipe.weightStandardization
    detection = recipe.detection
    precision = recipe.precision
  }

  /// What every convolution follows.
  var layers: LayerSettings {
    LayerSettings(norm: norm, weightStandardized: weightStandardization)
  }
}
