public import DetNN
public import DetSpec

/// The recipe's choices that every convolution follows: which normalisation, and whether weights are standardised.
public struct LayerSettings: Hashable, Sendable {
  /// What follows a convolution.
  public var norm: Recipe.Norm
  /// Whether convolutions before a normalisation standardise their weights (Qiao et al. 2019).
  public var weightStandardized: Bool

  /// Settings by choice; alone, batch normalisation without weight standardisation, as published networks have it.
  public init(norm: Recipe.Norm = .batch, weightStandardized: Bool = false) {
    self.norm = norm
    self.weightStandardized = weightStandardized
  }

  /// The settings of a recipe.
  public init(_ recipe: Recipe) {
    self.init(norm: recipe.norm, weightStandardized: recipe.weightStandardization)
  }

  /// The normalisation of a layer with `channels` channels.
  public func normalization(channels: Int) -> Normalization {
    switch norm {
    case .batch: .batch(frozen: false)
    case .frozenBatch: .batch(frozen: true)
    case .group: .group(groups: Self.groups(channels: channels))
    }
  }

  /// The number of groups of group normalisation: 32, as published, where that leaves two channels or more in each.
  ///
  /// Narrow or odd layers get the largest divisor up to 32 that leaves at least 4 channels a group, so that statistics
  /// of small maps stay sound: 24 → 6, 32 → 8, 48 → 12, 64 → 32, 72 → 18, 96 → 32.
  static func groups(channels: Int) -> Int {
    if channels >= 64, channels.isMultiple(of: 32) { return 32 }
    let most = min(32, max(1, channels / 4))
    return (1...most).last { channels.isMultiple(of: $0) } ?? 1
  }
}
