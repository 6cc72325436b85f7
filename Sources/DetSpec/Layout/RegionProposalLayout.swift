/// A region proposal network as layers (Ren et al. 2015); all levels share them.
public struct RegionProposalLayout: Hashable, Sendable {
  /// The 3x3 convolution in front of both outputs, with an activation.
  public let hidden: ConvolutionLayout
  /// 1x1: one number for each anchor of a cell.
  public let objectness: ConvolutionLayout
  /// 1x1: four numbers for each anchor of a cell.
  public let deltas: ConvolutionLayout
  /// The anchors.
  public let anchors: AnchorLayout
  /// The most regions of an image that go on to the head in use.
  public let mostRegions: Int
  /// Candidates of a level that suppression chooses from, for each region that may go on.
  public let candidatesPerRegion: Int

  /// Without a pyramid one level has all candidates, and neighbouring anchors of five sizes crowd each other out: the
  /// references take 12,000 for 2,000 regions while training, and 6,000 for 1,000 in use (Ren et al. 2015; detectron2's
  /// and mmdetection's C4 models).
  public static let candidatesPerRegionOfOneLevel = 6

  /// A network over levels of so many channels.
  public init(
    channels: Int, anchors: AnchorLayout, settings: DetectionSettings, candidatesPerRegion: Int = 1
  ) {
    // Without norms whatever the recipe: the same convolution sees levels whose statistics differ.
    hidden = .biased(channels, channels, kernel: 3)
    objectness = .biased(channels, anchors.perCell)
    deltas = .biased(channels, 4 * anchors.perCell)
    self.anchors = anchors
    mostRegions = settings.testProposals
    self.candidatesPerRegion = candidatesPerRegion
  }
}
