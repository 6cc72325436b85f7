/// The anchors that a detector has for some settings, as plain numbers.
public struct DetectorAnchors: Sendable, Equatable {
  /// What they follow from.
  public let settings: AnchorSettings
  /// Those of a region proposal network, finest level first.
  public let proposals: [Level]
  /// Those of a dense head on the same levels.
  public let dense: [Level]

  /// The anchors at every cell of one level; cells lie a stride apart, beginning at the image's corner.
  public struct Level: Sendable, Equatable {
    /// Pixels per cell.
    public let stride: Int
    /// Their shapes.
    public let halves: [Halves]

    /// A level.
    public init(stride: Int, halves: [Halves]) {
      self.stride = stride
      self.halves = halves
    }
  }

  /// Half the sides of an anchor in pixels.
  public struct Halves: Sendable, Equatable {
    /// From the middle to the right.
    public let width: Double
    /// From the middle downwards.
    public let height: Double

    /// A shape.
    public init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }
  }

  /// Anchors of both kinds.
  public init(settings: AnchorSettings, proposals: [Level], dense: [Level]) {
    self.settings = settings
    self.proposals = proposals
    self.dense = dense
  }
}
