/// The two numbers of a recipe that a detector's anchors follow from; lengths are in strides of their level.
public struct AnchorSettings: Sendable, Equatable, Codable {
  /// Side of a region proposal network's anchors.
  public let scale: Double
  /// Height over width.
  public let ratios: [Double]

  /// Anchors of one scale and several ratios.
  public init(scale: Double, ratios: [Double]) {
    self.scale = scale
    self.ratios = ratios
  }
}
