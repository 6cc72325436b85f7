import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

@Suite struct PictureTests {
  @Test func panelsStandSideBySideAtOneSize() throws {
    let panel = Picture.Panel(image: PixelImage(width: 40, height: 20), title: "truth")
    let picture = try Picture(title: "both", panels: [panel, panel], side: 200).rendered()
    #expect(picture.width == 12 + 200 + 12 + 200 + 12)
    #expect(picture.height > 100 && picture.height < 180)
  }

  @Test func theFrameIsDrawnWhereTheBoxIs() throws {
    let box = DrawnBox(
      x0: 10, y0: 10, x1: 30, y1: 30, colour: Colour(red: 1, green: 0, blue: 0), label: "tree 0.93")
    let panel = Picture.Panel(image: PixelImage(width: 50, height: 50), boxes: [box])
    let picture = try Picture(panels: [panel], side: 100).rendered()
    // Twice the size, a margin of 12: the left edge is at 12 + 20.
    #expect(picture[32, 50].red > 150)
    #expect(picture[52, 52].red < 20)
    #expect(picture[40, 26].red > 150)
  }

  @Test func classColoursDiffer() {
    let colours = (0..<12).map(Colour.ofClass)
    for (index, colour) in colours.enumerated() {
      for other in colours[..<index] {
        let distance =
          abs(colour.red - other.red) + abs(colour.green - other.green)
          + abs(colour.blue - other.blue)
        #expect(distance > 0.1)
      }
    }
    #expect(Colour(hue: 0, saturation: 1, lightness: 0.5) == Colour(red: 1, green: 0, blue: 0))
    #expect(Colour(hue: 1.0 / 3, saturation: 1, lightness: 0.5).green == 1)
  }
}

@Suite struct TruthTests {
  @Test func theTruthReadsBackAsCOCO() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.png", try ramp(60, 40).encodePNG())
    let boxes = [
      LabelledBox(x0: 1, y0: 2, x1: 11.5, y1: 22, category: 0, area: 50, id: 77),
      LabelledBox(x0: 0, y0: 0, x1: 60, y1: 40, category: 0, isCrowd: true, id: 5),
    ]
    let sample = Sample(
      imageID: 123_456_789_012, content: .file("a.png"),
      imageSize: PixelSize(width: 60, height: 40), boxes: boxes)
    let dataset = Dataset(name: "t", categories: [Category(id: 9, name: "x")], samples: [sample])
    let file = try folder.write("truth.json", try dataset.truth.cocoJSON())
    let back = try Dataset.load(DatasetSource(format: .coco, annotations: file))
    #expect(back.samples[0].boxes[0] == boxes[0])
    #expect(back.samples[0].boxes.map(\.id) == [77, 5])
    #expect(back.samples[0].boxes[1].area == 2400)
    #expect(back.categories == dataset.categories)
    #expect(back.samples[0].imageID == sample.imageID)
  }

  @Test func tilesAreNamedByTheirPart() throws {
    let sample = Sample(
      imageID: 1, content: .file("big.png"), imageSize: PixelSize(width: 80, height: 40),
      boxes: [LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0)])
    let set = Dataset(name: "t", categories: [Category(id: 1, name: "x")], samples: [sample])
    let truth = set.tiled(Tiling(size: 40)).truth
    #expect(truth.images.map(\.id) == [1, 2])
    #expect(truth.images.map(\.fileName) == ["big.png [40x40+0+0]", "big.png [40x40+40+0]"])
    #expect(truth.annotations.map(\.imageID) == [1])
  }
}
