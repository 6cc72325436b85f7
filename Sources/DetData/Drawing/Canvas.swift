import CImage

/// A picture being drawn on.
///
/// Not Sendable: drawn on by one thread, then read out as a ``PixelImage``.
public final class Canvas {
  /// Width and height.
  public let size: PixelSize
  private let handle: OpaquePointer

  /// A black picture.
  public init(_ size: PixelSize) throws {
    self.size = size
    guard let handle = cimage_canvas_create(Int32(size.width), Int32(size.height)) else {
      throw DataError(
        place: "drawing", problem: "cannot make a picture of \(size)", cure: "make it smaller")
    }
    self.handle = handle
  }

  deinit { cimage_canvas_destroy(handle) }

  /// What has been drawn.
  public var picture: PixelImage {
    PixelImage(width: size.width, height: size.height) { target in
      cimage_canvas_read(handle, target.baseAddress)
    }
  }

  /// What is drawn from now on has this colour.
  public func setColour(_ colour: Colour, opacity: Double = 1) {
    cimage_canvas_colour(handle, colour.red, colour.green, colour.blue, opacity)
  }

  /// What is drawn from now on goes from one colour to another along a line.
  public func setGradient(
    from start: (x: Double, y: Double), _ first: Colour, to end: (x: Double, y: Double),
    _ last: Colour
  ) {
    cimage_canvas_gradient(
      handle, [start.x, start.y, end.x, end.y], [first.red, first.green, first.blue],
      [last.red, last.green, last.blue])
  }

  /// Covers everything.
  public func paint() { cimage_canvas_paint(handle) }

  /// Adds a rectangle to the outline.
  public func addRectangle(x: Double, y: Double, width: Double, height: Double) {
    cimage_canvas_rectangle(handle, x, y, width, height)
  }

  /// Adds a closed polygon to the outline.
  public func addPolygon(_ corners: [(x: Double, y: Double)]) {
    guard let first = corners.first else { return }
    cimage_canvas_move(handle, first.x, first.y)
    for corner in corners.dropFirst() { cimage_canvas_line(handle, corner.x, corner.y) }
    cimage_canvas_close(handle)
  }

  /// Adds a full circle to the outline.
  public func addCircle(x: Double, y: Double, radius: Double) {
    cimage_canvas_move(handle, x + radius, y)
    cimage_canvas_arc(handle, x, y, radius, 0, 2 * .pi)
    cimage_canvas_close(handle)
  }

  /// Fills the outline; it is gone afterwards unless it is kept for ``stroke(width:)``.
  public func fill(keepsOutline: Bool = false) { cimage_canvas_fill(handle, keepsOutline) }

  /// Draws along the outline, which is gone afterwards.
  public func stroke(width: Double) { cimage_canvas_stroke(handle, width) }

  /// Lines have gaps of `length` pixels from now on; 0: none.
  public func setDash(_ length: Double) { cimage_canvas_dash(handle, length) }

  /// Draws a picture with its upper left corner at x, y.
  public func draw(_ image: PixelImage, x: Double, y: Double, scale: Double = 1) throws {
    try image.pixels.withUnsafeBufferPointer { pixels in
      try shim("drawing") {
        cimage_canvas_image(
          handle, pixels.baseAddress, Int32(image.width), Int32(image.height), x, y, scale, $0)
      }
    }
  }

  /// The width of a text in pixels.
  public func width(of text: String, size: Double, bold: Bool = false) -> Double {
    cimage_canvas_text_width(handle, text, size, bold)
  }

  /// Writes a text; x, y is the left end of its base line.
  public func write(_ text: String, x: Double, y: Double, size: Double, bold: Bool = false) {
    cimage_canvas_text(handle, text, x, y, size, bold)
  }
}
