/// A rectangle with fractions of pixels; `x1` and `y1` lie just outside.
struct Rectangle: Equatable {
  var x0: Double
  var y0: Double
  var x1: Double
  var y1: Double

  init(x0: Double, y0: Double, x1: Double, y1: Double) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// All of an image.
  init(_ size: PixelSize) {
    self.init(x0: 0, y0: 0, x1: Double(size.width), y1: Double(size.height))
  }

  var width: Double { x1 - x0 }
  var height: Double { y1 - y0 }
}
