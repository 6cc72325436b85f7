/// The shape of one feature level at a design's padded input.
public struct LevelShape: Hashable, Sendable {
  /// The level.
  public let level: FeatureLevel
  /// Channels.
  public let channels: Int
  /// Cells from top to bottom.
  public let height: Int
  /// Cells from left to right.
  public let width: Int

  /// Input pixels per cell.
  public var stride: Int { level.stride }
  /// Cells.
  public var cells: Int { height * width }
}

extension FeatureLevel {
  /// The cells that a padded side of `pixels` has at this level.
  public func cells(along pixels: Int) -> Int { (pixels + stride - 1) / stride }
}
