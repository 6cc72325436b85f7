import DetBasics

/// A box as it is shown: where, in which colour, with which words.
public struct DrawnBox: Sendable, Equatable {
  /// Left, upper, right and lower edge in pixels of the picture.
  public let x0: Double
  /// See ``x0``.
  public let y0: Double
  /// See ``x0``.
  public let x1: Double
  /// See ``x0``.
  public let y1: Double
  /// Colour of frame and tag.
  public let colour: Colour
  /// Words in the tag; nil: no tag.
  public let label: String?
  /// A frame with gaps, for what is ignored.
  public let isDashed: Bool

  /// A box to show.
  public init(
    x0: Double, y0: Double, x1: Double, y1: Double, colour: Colour, label: String? = nil,
    isDashed: Bool = false
  ) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
    self.colour = colour
    self.label = label
    self.isDashed = isDashed
  }

  /// A detection: class and score in the tag, the name alone left out when there is but one class.
  public init(
    x0: Double, y0: Double, x1: Double, y1: Double, category: Int, classes: [String], score: Double
  ) {
    let name =
      classes.indices.contains(category) && classes.count > 1 ? "\(classes[category]) " : ""
    self.init(
      x0: x0, y0: y0, x1: x1, y1: y1, colour: .ofClass(category), label: name + score.fixed(2))
  }

  /// A box of the truth: its class in the tag when there are several, dashed when it is ignored.
  public init(_ box: LabelledBox, classes: [String]) {
    let isNamed = classes.count > 1 && classes.indices.contains(box.category)
    self.init(
      x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, colour: .ofClass(box.category),
      label: isNamed ? classes[box.category] : nil, isDashed: box.isIgnored)
  }
}
