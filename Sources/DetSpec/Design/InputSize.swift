/// The size, in pixels, that images are fitted into before the backbone sees them.
///
/// What counts are its long and its short side: the long one goes along the longer side of an image, so that at `1333x800`
/// one of 640x480 pixels becomes 1067x800 and one of 480x640 becomes 800x1067. Images keep their aspect ratio and are padded to
/// a multiple of 32. Text: `800x600`, width first.
public struct InputSize: Hashable, Sendable, TextCodable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int

  /// The sides a detector can be built for, in pixels.
  public static let sides = 64...4096

  /// A size within ``sides``.
  public init(width: Int, height: Int) throws {
    for (name, side) in [("width", width), ("height", height)] where !Self.sides.contains(side) {
      throw SpecError.invalid(
        part: "input \(name)", value: "\(side)",
        reason: "a side has \(Self.sides.lowerBound) to \(Self.sides.upperBound) pixels",
        cure: "use a size such as 800x600")
    }
    self.width = width
    self.height = height
  }

  /// Reads `800x600`.
  public init(text: String) throws {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map(decimal)
    guard sides.count == 2, let width = sides[0], let height = sides[1] else {
      throw SpecError.syntax(
        part: "input", text: text, expected: "width x height in pixels, as in 800x600")
    }
    try self.init(width: width, height: height)
  }

  /// `800x600`
  public var text: String { "\(width)x\(height)" }

  /// The same size with its long side across. Images get the long side along theirs, so that 600x800 and 800x600 mean the same.
  public var landscape: InputSize { width >= height ? self : InputSize(turned: self) }

  private init(turned other: InputSize) { (width, height) = (other.height, other.width) }

  /// The size after padding both sides up to a multiple of 32, as the backbone sees it.
  public var padded: (width: Int, height: Int) {
    ((width + 31) / 32 * 32, (height + 31) / 32 * 32)
  }
}
