/// A rectangle in pixels: x0 y0 inside, x1 y1 just outside; x grows to the right, y downwards.
public struct Box: Hashable, Sendable {
  /// Left edge.
  public var x0: Float
  /// Top edge.
  public var y0: Float
  /// Right edge.
  public var x1: Float
  /// Bottom edge.
  public var y1: Float

  /// A box by its edges.
  public init(x0: Float, y0: Float, x1: Float, y1: Float) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// From left to right.
  public var width: Float { x1 - x0 }

  /// From top to bottom.
  public var height: Float { y1 - y0 }
}

/// What is to be found in one training image.
public struct ImageTargets: Hashable, Sendable {
  /// The boxes.
  public let boxes: [Box]
  /// For each box its class, from 0.
  public let labels: [Int]

  /// One label for each box.
  public init(boxes: [Box], labels: [Int]) {
    precondition(
      boxes.count == labels.count, "there are \(boxes.count) boxes, but \(labels.count) labels")
    self.boxes = boxes
    self.labels = labels
  }
}

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

extension Detection {
  /// The same object in an image that was stretched by these factors.
  public func scaled(x: Float, y: Float) -> Detection {
    let stretched = Box(x0: box.x0 * x, y0: box.y0 * y, x1: box.x1 * x, y1: box.y1 * y)
    return Detection(box: stretched, label: label, score: score)
  }
}

/// The part of a padded image of a batch that holds the image itself.
public struct ImageSize: Hashable, Sendable {
  /// Pixels from left to right.
  public let width: Int
  /// Pixels from top to bottom.
  public let height: Int

  /// A size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
