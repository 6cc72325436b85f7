/// A box with its class, in pixels of its image: `x1` and `y1` lie just outside.
public struct LabelledBox: Sendable, Equatable, Codable {
  /// Left edge.
  public var x0: Double
  /// Upper edge.
  public var y0: Double
  /// Right edge, exclusive.
  public var x1: Double
  /// Lower edge, exclusive.
  public var y1: Double
  /// Index into the data set's list of classes.
  public var category: Int
  /// Covers a group that nobody separated (COCO `iscrowd`).
  public var isCrowd: Bool
  /// Hard to see even for people (VOC `difficult`).
  public var isDifficult: Bool
  /// Neither learnt from nor counted: crowds, parts of objects that an edge cut, and difficult boxes when the source says so.
  public var isIgnored: Bool
  /// Area as the annotations state it (COCO: of the mask); nil: width times height.
  public var area: Double?
  /// The annotation's number.
  public var id: Int64

  /// A box with its class.
  public init(
    x0: Double, y0: Double, x1: Double, y1: Double, category: Int, isCrowd: Bool = false,
    isDifficult: Bool = false, isIgnored: Bool? = nil, area: Double? = nil, id: Int64 = 0
  ) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
    self.category = category
    self.isCrowd = isCrowd
    self.isDifficult = isDifficult
    self.isIgnored = isIgnored ?? isCrowd
    self.area = area
    self.id = id
  }

  /// Right edge minus left edge.
  public var width: Double { x1 - x0 }
  /// Lower edge minus upper edge.
  public var height: Double { y1 - y0 }
  /// Width times height of the box itself.
  public var boxArea: Double { width * height }
  /// False for a box of no area, or with an edge that is no finite number.
  public var hasArea: Bool {
    x0.isFinite && y0.isFinite && x1.isFinite && y1.isFinite && x1 > x0 && y1 > y0
  }

  /// Intersection over union with another box, whatever their classes.
  public func overlap(with other: LabelledBox) -> Double {
    let width = min(x1, other.x1) - max(x0, other.x0)
    let height = min(y1, other.y1) - max(y0, other.y0)
    guard width > 0, height > 0 else { return 0 }
    let both = width * height
    return both / (boxArea + other.boxArea - both)
  }

  /// The part of the box inside 0 0 `width` `height`; it may have no area.
  public func clipped(width: Double, height: Double) -> LabelledBox {
    var box = self
    box.x0 = min(max(x0, 0), width)
    box.x1 = min(max(x1, 0), width)
    box.y0 = min(max(y0, 0), height)
    box.y1 = min(max(y1, 0), height)
    return box
  }

  /// The box moved and then stretched, its stated area with it.
  public func mapped(
    x: Double, y: Double, scaleX: Double, scaleY: Double
  ) -> LabelledBox {
    var box = self
    box.x0 = (x0 + x) * scaleX
    box.x1 = (x1 + x) * scaleX
    box.y0 = (y0 + y) * scaleY
    box.y1 = (y1 + y) * scaleY
    box.area = area.map { $0 * scaleX * scaleY }
    return box
  }
}
