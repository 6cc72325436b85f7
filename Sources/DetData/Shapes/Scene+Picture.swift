import DetBasics

extension Scene {
  /// Draws the scene: a ground with texture, the shapes, then noise over everything.
  public func picture() throws -> PixelImage {
    let canvas = try Canvas(size)
    var generator = generator.stream("ground")
    drawGround(on: canvas, &generator)
    for item in items { item.draw(on: canvas) }
    var image = canvas.picture
    addNoise(to: &image, &generator)
    return image
  }

  private func drawGround(on canvas: Canvas, _ generator: inout Generator) {
    let width = Double(size.width)
    let height = Double(size.height)
    canvas.setGradient(
      from: (generator.uniform(0..<width), 0), Colour.muted(&generator),
      to: (generator.uniform(0..<width), height), Colour.muted(&generator))
    canvas.paint()
    // Blots and bars without class, so that a detector has to learn more than "not the ground".
    for _ in 0..<(6 + generator.index(below: 10)) {
      canvas.setColour(Colour.muted(&generator), opacity: generator.uniform(0.1..<0.5))
      let x = generator.uniform(0..<width)
      let y = generator.uniform(0..<height)
      let length = width / 10 * (1 + 4 * generator.uniform())
      let angle = generator.uniform(0..<2 * Double.pi)
      let end = (x: x + length * sine(angle + .pi / 2), y: y + length * sine(angle))
      canvas.addPolygon([(x, y), end])
      canvas.stroke(width: generator.uniform(1..<max(2, width / 24)))
    }
  }

  private func addNoise(to image: inout PixelImage, _ generator: inout Generator) {
    let strength = generator.uniform(4..<14)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      var start = 0
      while start < pixels.count {
        // Eight bytes of noise per draw, each the mean of its two halves: near enough to a bell.
        var bits = generator.next()
        for place in start..<min(start + 8, pixels.count) {
          let noise = Double(Int(bits & 15) + Int(bits >> 4 & 15) - 15) / 15
          pixels[place] = UInt8(max(0, min(255, Double(pixels[place]) + strength * noise)))
          bits >>= 8
        }
        start += 8
      }
    }
  }
}

extension Scene.Item {
  func draw(on canvas: Canvas) {
    let lighter = Colour(
      red: min(1, colour.red + 0.15), green: min(1, colour.green + 0.15),
      blue: min(1, colour.blue + 0.15))
    canvas.setGradient(
      from: (x - radius, y - radius), lighter, to: (x + radius, y + radius), colour)
    if kind == .ring {
      canvas.addCircle(x: x, y: y, radius: 0.75 * radius)
      canvas.stroke(width: 0.5 * radius)
      return
    }
    if let outline {
      canvas.addPolygon(outline)
    } else {
      canvas.addCircle(x: x, y: y, radius: radius)
    }
    canvas.fill()
  }
}
