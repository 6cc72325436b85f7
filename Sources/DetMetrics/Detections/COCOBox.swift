/// A box as COCO writes it: the corner at the top left and the size, in pixels.
///
/// The four numbers are kept as they were read, because the exact value of an IoU depends on them.
///
/// ```swift
/// COCOBox(x0: 10, y0: 20, x1: 30, y1: 60).area  // 800
/// ```
public struct COCOBox: Codable, Equatable, Hashable, Sendable, BitwiseCopyable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width, not negative.
  public var width: Double
  /// The height, not negative.
  public var height: Double

  /// A box by its upper left corner and its size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// A box by its two corners, the second one exclusive.
  public init(x0: Double, y0: Double, x1: Double, y1: Double) {
    self.init(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
  }

  /// Width times height.
  public var area: Double { width * height }

  /// What is wrong with the box, in words; nil when nothing is.
  var problem: String? {
    guard x.isFinite, y.isFinite, width.isFinite, height.isFinite else {
      return "the box \(self) has a number that is not finite"
    }
    return width < 0 || height < 0 ? "the box \(self) has a negative size" : nil
  }

  /// The overlap of two boxes over their union; over `self` alone when `other` is a crowd.
  ///
  /// The operations and their order are those of pycocotools' `bbIou`, so that the last bit agrees.
  @inline(__always)
  func intersectionOverUnion(_ other: COCOBox, isCrowd: Bool) -> Double {
    let right = Self.least(width + x, other.width + other.x)
    let overlapWidth = right - Self.most(x, other.x)
    if overlapWidth <= 0 { return 0 }
    let bottom = Self.least(height + y, other.height + other.y)
    let overlapHeight = bottom - Self.most(y, other.y)
    if overlapHeight <= 0 { return 0 }
    let overlap = overlapWidth * overlapHeight
    let area = self.area
    let union = isCrowd ? area : area + other.area - overlap
    return overlap / union
  }

  /// The smaller of two numbers that are not NaN: one instruction, where `Swift.min` takes a branch.
  @inline(__always)
  private static func least(_ left: Double, _ right: Double) -> Double {
    left < right ? left : right
  }

  @inline(__always)
  private static func most(_ left: Double, _ right: Double) -> Double {
    left > right ? left : right
  }
}

extension COCOBox: CustomStringConvertible {
  /// `[x, y, width, height]`
  public var description: String { "[\(x), \(y), \(width), \(height)]" }
}
