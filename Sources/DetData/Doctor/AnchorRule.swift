/// How a detector's anchors follow from a recipe: this module knows data, not detectors, and is told.
public struct AnchorRule: Sendable {
  /// The settings that detectors usually have.
  public let usual: AnchorSettings
  /// The anchors for other settings.
  public let anchors: @Sendable (AnchorSettings) -> DetectorAnchors

  /// A rule.
  public init(
    usual: AnchorSettings, anchors: @escaping @Sendable (AnchorSettings) -> DetectorAnchors
  ) {
    self.usual = usual
    self.anchors = anchors
  }
}
