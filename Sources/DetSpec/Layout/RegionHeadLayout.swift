/// A head over regions as layers: pooled features → trunk → class scores and box deltas, once for every step.
public struct RegionHeadLayout: Hashable, Sendable {
  /// The levels that regions are pooled from, finest first: those of the backbone's strides (Lin et al. 2017).
  public let levels: [FeatureLevel]
  /// Cells along each side of a pooled region.
  public let bins: Int
  /// The side, in pixels, of a region that belongs to the level of stride 16; twice as large ones to the next coarser
  /// level, and so on (Lin et al. 2017, equation 1).
  public let canonicalSize: Double
  /// What looks at pooled features.
  public let trunk: Trunk
  /// One number for each class and the background, which comes first.
  public let scores: LinearLayout
  /// Four numbers, or four for each class and the background.
  public let deltas: LinearLayout
  /// Whether the same deltas serve all classes.
  public let isClassAgnostic: Bool
  /// How often regions are judged and moved, each time by layers of its own: 1, or the steps of a cascade.
  public let steps: Int

  /// What looks at pooled features, [channels, bins, bins].
  public enum Trunk: Hashable, Sendable {
    /// Fully connected layers, an activation behind each (Lin et al. 2017).
    case connected([LinearLayout])
    /// The backbone's last stage and a mean over cells, where there is no pyramid (He et al. 2016).
    case lastStage([BlockLayout])

    /// The values that come out.
    public var outputs: Int {
      switch self {
      case .connected(let layers): layers.last?.outputs ?? 0
      case .lastStage(let blocks): blocks.last?.outChannels ?? 0
      }
    }
  }

  /// Cells along each side that the last convolutions, or the fully connected layers, see.
  public static let innerBins = 7

  /// A head over regions of the neck's levels.
  ///
  /// - Parameters:
  ///   - neck: what comes before; without a pyramid the backbone's last stage is the trunk.
  ///   - backbone: where that stage is found.
  ///   - steps: how often regions are judged and moved.
  ///   - isClassAgnostic: whether the same deltas serve all classes.
  ///   - classes: the number of classes, background not counted.
  ///   - channels: the width of the connected layers.
  ///   - canonicalSize: see ``canonicalSize``.
  public init(
    behind neck: NeckLayout, _ backbone: BackboneLayout, steps: Int, isClassAgnostic: Bool,
    classes: Int, channels: Int, canonicalSize: Double = 224
  ) {
    switch neck {
    case .passThrough:
      // The last stage's stride halves the cells.
      bins = 2 * Self.innerBins
      trunk = .lastStage(Array(backbone.blocks(inStage: StageCode.stageCount - 1)))
    case .pyramid:
      bins = Self.innerBins
      let inputs = neck.channels * bins * bins
      trunk = .connected([
        LinearLayout(inputs, channels), LinearLayout(channels, channels),
      ])
    }
    levels = neck.levels.filter(\.isFromBackbone)
    self.canonicalSize = canonicalSize
    self.steps = steps
    self.isClassAgnostic = isClassAgnostic
    scores = LinearLayout(trunk.outputs, classes + 1)
    deltas = LinearLayout(trunk.outputs, isClassAgnostic ? 4 : 4 * (classes + 1))
  }
}
