public import DetNN
public import DetSpec

/// The recipe's choices that every convolution follows: which normalisation, whether weights are standardised, and what of
/// the backbone stays as it was loaded.
public struct LayerSettings: Hashable, Sendable {
  /// What follows a convolution.
  public var norm: Recipe.Norm
  /// Whether convolutions before a normalisation standardise their weights (Qiao et al. 2019).
  public var weightStandardized: Bool
  /// The fewest channels of a group of group normalisation in narrow layers.
  public var groupChannels = Recipe.paper.groupChannels
  /// Whether statistics of batch norms stay as loaded.
  public var fixesStatistics = false
  /// How many leading stages of the backbone stay as loaded; with the first, the stem does.
  public var frozenStages = 0
  /// What frozen stages are computed in; that of all others is the caller's.
  public var precision = Recipe.Precision.float32

  /// Settings by choice; alone, batch normalisation without weight standardisation, as published networks have it.
  public init(norm: Recipe.Norm = .batch, weightStandardized: Bool = false) {
    self.norm = norm
    self.weightStandardized = weightStandardized
  }

  /// The settings of a recipe, for a detector; weights that it names are taken to be there.
  public init(_ recipe: Recipe) {
    self.init(recipe, fromWeights: recipe.pretrained != nil)
  }

  /// The settings of a recipe for a classifier, of which nothing is frozen unless the recipe says so.
  public static func classifier(_ recipe: Recipe) -> LayerSettings {
    LayerSettings(recipe, fromWeights: false)
  }

  private init(_ recipe: Recipe, fromWeights: Bool) {
    self.init(norm: recipe.norm, weightStandardized: recipe.weightStandardization)
    groupChannels = recipe.groupChannels
    fixesStatistics = recipe.fixesStatistics(fromWeights: fromWeights)
    frozenStages = recipe.frozenStages(fromWeights: fromWeights)
    precision = recipe.precision
  }

  /// The settings of layers that stay as they were loaded.
  var frozen: LayerSettings {
    var settings = self
    if norm == .batch { settings.norm = .frozenBatch }
    return settings
  }

  /// The normalisation of a layer with `channels` channels.
  public func normalization(channels: Int) -> Normalization {
    switch norm {
    case .batch: .batch(fixesStatistics ? .scaleAndShift : .everything)
    case .frozenBatch: .batch(.nothing)
    case .group: .group(groups: groups(channels: channels))
    }
  }

  /// The number of groups of group normalisation: 32, as published, where that leaves two channels or more in each.
  ///
  /// Narrow or odd layers get the largest divisor up to 32 that leaves at least ``groupChannels`` in a group; with 4: 24 → 6, 32 → 8,
  /// 48 → 12, 64 → 32, 72 → 18, 96 → 32.
  func groups(channels: Int) -> Int {
    if channels >= 64, channels.isMultiple(of: 32) { return 32 }
    let most = min(32, max(1, channels / groupChannels))
    return (1...most).last { channels.isMultiple(of: $0) } ?? 1
  }
}
