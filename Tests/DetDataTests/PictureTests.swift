import DetBasics
import Foundation
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
