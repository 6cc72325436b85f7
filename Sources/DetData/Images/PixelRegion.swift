/// A rectangle of whole pixels inside an image.
public struct PixelRegion: Sendable, Equatable, Hashable, CustomStringConvertible {
  /// Left column.
  public let x: Int
  /// Top row.
  public let y: Int
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int

  /// A rectangle.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// "160x160+120+0": size, then the upper left corner.
  public var description: String { "\(width)x\(height)+\(x)+\(y)" }
}
