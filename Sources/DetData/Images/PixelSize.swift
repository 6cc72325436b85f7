/// Width and height in pixels.
public struct PixelSize: Sendable, Equatable, Hashable, CustomStringConvertible {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int

  /// A size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads "800x600".
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]) else {
      return nil
    }
    guard width > 0, height > 0 else { return nil }
    self.init(width: width, height: height)
  }

  /// Width times height.
  public var area: Int { width * height }

  /// The size after a quarter turn.
  public var turned: PixelSize { PixelSize(width: height, height: width) }

  /// Whether it is higher than wide.
  var isTall: Bool { height > width }

  /// This size, turned where that makes it lie as another does: wide for a wide one, tall for a tall one.
  func lying(as other: PixelSize) -> PixelSize {
    let isOther = (width > height && other.isTall) || (isTall && other.width > other.height)
    return isOther ? turned : self
  }

  /// "800x600"
  public var description: String { "\(width)x\(height)" }
}
