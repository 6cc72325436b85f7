extension Recipe.Norm {
  /// Whether neck and dense heads normalise too: with group normalisation they do, else they have biases instead.
  ///
  /// Batch statistics of a detector's few images are too poor for layers that nobody pre-trained
  /// (Wu & He 2018, section 4.2).
  public var normalizesNeckAndHead: Bool {
    switch self {
    case .batch, .frozenBatch: false
    case .group: true
    }
  }
}
