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
