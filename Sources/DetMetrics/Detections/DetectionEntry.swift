/// One box that a detector reports: where, what, in which image, with which confidence.
public struct DetectionEntry: Equatable, Hashable, Sendable {
  /// The image, by the truth's id.
  public var imageID: Int64
  /// The category, by the truth's id.
  public var categoryID: Int64
  /// The box.
  public var box: COCOBox
  /// The detector's confidence; only the order matters.
  public var score: Double

  /// Reports a box.
  public init(imageID: Int64, categoryID: Int64, box: COCOBox, score: Double) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.box = box
    self.score = score
  }
}
