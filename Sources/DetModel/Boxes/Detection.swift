/// One object that a detector found.
public struct Detection: Hashable, Sendable {
  /// Where it is.
  public let box: Box
  /// Its class, from 0.
  public let label: Int
  /// How sure the detector is, 0 … 1.
  public let score: Float

  /// A detection.
  public init(box: Box, label: Int, score: Float) {
    self.box = box
    self.label = label
    self.score = score
  }

  /// The same object in an image that is resized by these factors.
  public func scaled(x: Double, y: Double) -> Detection {
    let (x, y) = (Float(x), Float(y))
    let scaled = Box(x0: box.x0 * x, y0: box.y0 * y, x1: box.x1 * x, y1: box.y1 * y)
    return Detection(box: scaled, label: label, score: score)
  }
}
