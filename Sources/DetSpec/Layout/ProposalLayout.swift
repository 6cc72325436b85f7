/// A proposal network as layers.
public enum ProposalLayout: Hashable, Sendable {
  /// The region proposal network.
  case rpn(RegionProposalLayout)
  /// The guided anchoring network.
  case guidedAnchoring(GuidedAnchoringLayout)

  /// The proposal network of a design behind its neck; nil when it has none.
  public init?(_ proposals: ProposalSpec, behind neck: NeckLayout, settings: DetectionSettings) {
    switch proposals {
    case .none: return nil
    case .rpn:
      self = .rpn(
        RegionProposalLayout(
          channels: neck.channels, anchors: Self.anchors(behind: neck, settings),
          settings: settings, candidatesPerRegion: Self.candidatesPerRegion(behind: neck)))
    case .guidedAnchoring:
      self = .guidedAnchoring(
        GuidedAnchoringLayout(
          channels: neck.channels, levels: neck.levels, settings: settings))
    }
  }

  private static func anchors(
    behind neck: NeckLayout, _ settings: DetectionSettings
  ) -> AnchorLayout {
    let (scale, ratios) = (settings.anchorScale, settings.anchorRatios)
    switch neck {
    case .passThrough(let level, _): return .single(level, scale: scale, ratios: ratios)
    case .pyramid: return .pyramid(neck.levels, scale: scale, ratios: ratios)
    }
  }

  private static func candidatesPerRegion(behind neck: NeckLayout) -> Int {
    switch neck {
    case .passThrough: RegionProposalLayout.candidatesPerRegionOfOneLevel
    case .pyramid: 1
    }
  }

  /// Its layers in the order they run, which every level goes through with the same weights.
  public var layers: [ConvolutionLayout] {
    switch self {
    case .rpn(let network):
      [network.hidden, network.objectness, network.deltas]
    case .guidedAnchoring(let network):
      [
        network.hidden, network.location, network.shape, network.offsets, network.adaption,
        network.objectness, network.deltas,
      ]
    }
  }

  /// Anchors at every cell of every level.
  public var anchorsPerCell: Int {
    switch self {
    case .rpn(let network): network.anchors.perCell
    case .guidedAnchoring: 1
    }
  }

  /// The most regions of an image that go on to the head in use.
  public var mostRegions: Int {
    switch self {
    case .rpn(let network): network.mostRegions
    case .guidedAnchoring(let network): network.mostRegions
    }
  }

  /// The most regions that can go on from levels of so many cells: no more than there are anchors.
  public func mostRegions(cells: Int) -> Int { min(mostRegions, cells * anchorsPerCell) }
}
