public import DetData
public import DetModel

extension DrawnBox {
  /// What a detector found: class and score in the tag.
  public init(_ found: Detection, classes: [String]) {
    self.init(
      x0: Double(found.box.x0), y0: Double(found.box.y0), x1: Double(found.box.x1),
      y1: Double(found.box.y1), category: found.label, classes: classes,
      score: Double(found.score))
  }
}
