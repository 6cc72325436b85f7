import Testing

@testable import DetData

@Suite struct ShapesTests {
  @Test func sameSeedSamePictureOtherSeedAnother() throws {
    func first(_ seed: UInt64) throws -> PixelImage {
      try Dataset.load(.shapes(count: 1, size: PixelSize(width: 64, height: 64), seed: seed))
        .samples[0].picture()
    }
    #expect(try first(3) == first(3))
    #expect(try first(3) != first(4))
  }

  @Test func boxesFitTheShapesTightly() throws {
    let canvas = try Canvas(PixelSize(width: 100, height: 100))
    for kind in ShapeKind.allCases {
      let item = Scene.Item(kind: kind, x: 50, y: 45, radius: 30, angle: 0.7, colour: .white)
      canvas.setColour(.black)
      canvas.paint()
      item.draw(on: canvas)
      let picture = canvas.picture
      let lit = (0..<10_000).filter { picture.pixels[3 * $0] > 127 }
      let xs = lit.map { Double($0 % 100) }
      let ys = lit.map { Double($0 / 100) }
      let bounds = item.bounds
      #expect(abs((xs.min() ?? 0) - bounds.x0) < 2.5, "\(kind)")
      #expect(abs((xs.max() ?? 0) + 1 - bounds.x1) < 2.5, "\(kind)")
      #expect(abs((ys.min() ?? 0) - bounds.y0) < 2.5, "\(kind)")
      #expect(abs((ys.max() ?? 0) + 1 - bounds.y1) < 2.5, "\(kind)")
    }
  }

  @Test func everyBoxLiesInsideItsScene() throws {
    let dataset = try Dataset.load(
      .shapes(count: 60, size: PixelSize(width: 90, height: 60), seed: 1))
    let classes = Set(dataset.samples.flatMap { $0.boxes.map(\.category) })
    #expect(classes == [0, 1, 2, 3])
    for sample in dataset.samples {
      #expect(!sample.boxes.isEmpty)
      for box in sample.boxes {
        #expect(box.hasArea && box.clipped(width: 90, height: 60) == box)
      }
    }
  }
}
