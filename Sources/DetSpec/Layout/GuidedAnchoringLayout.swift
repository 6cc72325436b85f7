/// A guided anchoring network as layers (Wang et al. 2019); all levels share them. It has one anchor a cell, of a shape
/// that it learns.
public struct GuidedAnchoringLayout: Hashable, Sendable {
  /// The 3x3 convolution in front of everything, with an activation.
  public let hidden: ConvolutionLayout
  /// 1x1: whether an object is here.
  public let location: ConvolutionLayout
  /// 1x1: the logarithms of an anchor's sides in units of the ``scale``.
  public let shape: ConvolutionLayout
  /// 1x1 from the shape: two offsets for each tap and group of the adaption.
  public let offsets: ConvolutionLayout
  /// The deformable 3x3 convolution that fits the features to the anchor, with an activation.
  public let adaption: ConvolutionLayout
  /// 1x1 from adapted features: one number.
  public let objectness: ConvolutionLayout
  /// 1x1 from adapted features: four numbers.
  public let deltas: ConvolutionLayout
  /// The levels that have anchors, finest first.
  public let levels: [FeatureLevel]
  /// The side of an anchor that nothing was predicted for, in strides: the paper's σ.
  public let scale: Double
  /// Sizes, in units of the scale, of the anchors that stand for all shapes when targets are looked for: as many as
  /// RetinaNet has.
  public let sampleSizes: [Double]
  /// Height over width of those anchors.
  public let sampleRatios: [Double]
  /// The most regions of an image that go on to the head in use.
  public let mostRegions: Int
  /// The most regions of an image that go on to the head while training.
  public let mostTrainingRegions: Int

  /// Groups of channels that the adaption deforms each on its own, as in the authors' release.
  public static let deformableGroups = 4
  /// Regions kept of an image, in use and while training: they are good, so that few suffice (section 4.1; `max_num` of
  /// the authors' release).
  public static let mostRegions = 300

  /// A network over levels of so many channels, a multiple of ``deformableGroups``.
  public init(channels: Int, levels: [FeatureLevel], settings: DetectionSettings) {
    hidden = .biased(channels, channels, kernel: 3)
    location = .biased(channels, 1)
    shape = .biased(channels, 2)
    adaption = ConvolutionLayout(channels, channels, kernel: 3, hasNorm: false)
    offsets = ConvolutionLayout(
      2, Self.deformableGroups * 2 * adaption.kernel * adaption.kernel, kernel: 1, hasNorm: false)
    objectness = .biased(channels, 1)
    deltas = .biased(channels, 4)
    self.levels = levels
    scale = settings.anchorScale
    sampleSizes = AnchorLayout.octave
    sampleRatios = settings.anchorRatios
    mostRegions = min(settings.testProposals, Self.mostRegions)
    mostTrainingRegions = min(settings.trainProposals, Self.mostRegions)
  }
}
