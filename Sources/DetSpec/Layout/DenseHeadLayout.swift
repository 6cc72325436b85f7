/// A dense head as layers (Lin et al. 2017, RetinaNet): two towers, one for classes and one for boxes; all levels share
/// them.
public struct DenseHeadLayout: Hashable, Sendable {
  /// The convolutions of either tower, an activation behind each.
  public let tower: [ConvolutionLayout]
  /// Behind one tower: a number for each class of each anchor of a cell; background is the absence of all.
  public let logits: ConvolutionLayout
  /// Behind the other: four numbers for each anchor of a cell.
  public let deltas: ConvolutionLayout
  /// The anchors.
  public let anchors: AnchorLayout
  /// The number of classes.
  public let classes: Int

  /// Convolutions in a tower (section 4).
  public static let towerDepth = 4

  /// A head over the levels of a neck, its towers of so many channels; they have norms instead of biases where the recipe normalises heads.
  public init(
    behind neck: NeckLayout, classes: Int, channels: Int, settings: DetectionSettings,
    norm: Recipe.Norm
  ) {
    let normalizes = norm.normalizesNeckAndHead
    anchors = .dense(neck.levels, scale: settings.anchorScale, ratios: settings.anchorRatios)
    tower = (0..<Self.towerDepth).map { place in
      ConvolutionLayout(
        place == 0 ? neck.channels : channels, channels, kernel: 3, hasBias: !normalizes,
        hasNorm: normalizes)
    }
    logits = .biased(channels, anchors.perCell * classes, kernel: 3)
    deltas = .biased(channels, 4 * anchors.perCell, kernel: 3)
    self.classes = classes
  }

  /// All layers in the order they run.
  public var layers: [ConvolutionLayout] { tower + [logits] + tower + [deltas] }
}
