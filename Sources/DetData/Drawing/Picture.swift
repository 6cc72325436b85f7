/// Images with boxes side by side under a title: truth and detections, ready to be written as PNG.
///
/// ```swift
/// let picture = Picture(title: "E2 · AP 0.41", panels: [
///   .init(image: image, title: "truth", boxes: truth), .init(image: image, title: "found", boxes: found)])
/// try AtomicFile.write(try picture.rendered().encodePNG(), to: "detections.png")
/// ```
public struct Picture: Sendable {
  /// One image with its boxes.
  public struct Panel: Sendable {
    /// The image.
    public let image: PixelImage
    /// A line above it; nil: none.
    public let title: String?
    /// Boxes in pixels of the image.
    public let boxes: [DrawnBox]

    /// One image with its boxes.
    public init(image: PixelImage, title: String? = nil, boxes: [DrawnBox] = []) {
      self.image = image
      self.title = title
      self.boxes = boxes
    }
  }

  /// A line above everything; nil: none.
  public let title: String?
  /// From left to right.
  public let panels: [Panel]
  /// The longer side of every panel, in pixels: images are enlarged or shrunk to it.
  public let side: Double

  /// Pixels around everything, and between panels.
  public let margin: Double
  private static let titleSize = 17.0
  private static let panelTitleSize = 13.0
  private static let tagSize = 11.0
  private static let ink = Colour(red: 0.13, green: 0.15, blue: 0.2)
  private static let paper = Colour(red: 0.98, green: 0.98, blue: 0.97)

  /// Panels side by side, the longer side of each `side` pixels long, `margin` pixels around them.
  public init(title: String? = nil, panels: [Panel], side: Int = 560, margin: Int = 12) {
    precondition(!panels.isEmpty, "a picture needs at least one panel")
    self.title = title
    self.panels = panels
    self.side = Double(side)
    self.margin = Double(margin)
  }

  /// Draws everything.
  public func rendered() throws -> PixelImage {
    let scales = panels.map { side / Double(max($0.image.width, $0.image.height)) }
    let widths = zip(panels, scales).map { (Double($0.image.width) * $1).rounded() }
    let heights = zip(panels, scales).map { (Double($0.image.height) * $1).rounded() }
    let titleHeight = title == nil ? 0 : Self.titleSize + margin
    let hasPanelTitles = panels.contains { $0.title != nil }
    let top = margin + titleHeight + (hasPanelTitles ? Self.panelTitleSize + 8 : 0)
    let width = widths.reduce(margin) { $0 + $1 + margin }
    let height = top + (heights.max() ?? 0) + margin
    let canvas = try Canvas(PixelSize(width: Int(width), height: Int(height)))
    canvas.setColour(Self.paper)
    canvas.paint()
    canvas.setColour(Self.ink)
    if let title {
      canvas.write(
        title, x: margin, y: margin + Self.titleSize - 3, size: Self.titleSize, bold: true
      )
    }
    var left = margin
    for (index, panel) in panels.enumerated() {
      if let title = panel.title {
        canvas.setColour(Self.ink)
        canvas.write(title, x: left, y: top - 7, size: Self.panelTitleSize)
      }
      try draw(panel, on: canvas, x: left, y: top, scale: scales[index])
      left += widths[index] + margin
    }
    return canvas.picture
  }

  private func draw(
    _ panel: Panel, on canvas: Canvas, x: Double, y: Double, scale: Double
  ) throws {
    try canvas.draw(panel.image, x: x, y: y, scale: scale)
    let frames = panel.boxes.map { box in
      Rectangle(
        x0: x + box.x0 * scale, y0: y + box.y0 * scale, x1: x + box.x1 * scale,
        y1: y + box.y1 * scale)
    }
    for (box, frame) in zip(panel.boxes, frames) { Self.drawFrame(box, frame, on: canvas) }
    let right = x + Double(panel.image.width) * scale
    for (box, frame) in zip(panel.boxes, frames) {
      if let label = box.label {
        Self.drawTag(label, box.colour, frame, on: canvas, top: y, right: right)
      }
    }
  }

  /// A line in the box's colour on a wider, half transparent dark one, so that it shows on any ground.
  private static func drawFrame(_ box: DrawnBox, _ frame: Rectangle, on canvas: Canvas) {
    canvas.setDash(box.isDashed ? 5 : 0)
    for (colour, opacity, width) in [(Colour.black, 0.45, 3.2), (box.colour, 1.0, 1.7)] {
      canvas.setColour(colour, opacity: opacity)
      canvas.addRectangle(x: frame.x0, y: frame.y0, width: frame.width, height: frame.height)
      canvas.stroke(width: width)
    }
    canvas.setDash(0)
  }

  /// Above the box where there is room, else inside it at the top.
  private static func drawTag(
    _ label: String, _ colour: Colour, _ frame: Rectangle, on canvas: Canvas, top: Double,
    right: Double
  ) {
    let width = canvas.width(of: label, size: tagSize) + 6
    let height = tagSize + 3
    let isAbove = frame.y0 - height >= top
    let x = max(0, min(frame.x0 - 0.85, right - width))
    let y = isAbove ? frame.y0 - height : frame.y0
    canvas.setColour(colour, opacity: 0.88)
    canvas.addRectangle(x: x, y: y, width: width, height: height)
    canvas.fill()
    canvas.setColour(colour.luminance > 0.5 ? .black : .white)
    canvas.write(label, x: x + 3, y: y + tagSize - 1, size: tagSize)
  }
}
