import Foundation
import TestSupport
import Testing

@testable import DetData

@Suite struct ResamplingTests {
  struct File: Decodable {
    struct Case: Decodable {
      let width: Int
      let height: Int
      let box: [Double]
      @Base64 var pixels: Data
    }
    let pillow: String
    let width: Int
    let height: Int
    @Base64 var source: Data
    let cases: [Case]
  }

  @Test func resizingEqualsPillowToTheRounding() throws {
    let golden = try Golden.read(File.self, "resampling.json")
    let source = PixelImage(
      width: golden.width, height: golden.height, pixels: Array(golden.source))
    for item in golden.cases {
      let part = Rectangle(x0: item.box[0], y0: item.box[1], x1: item.box[2], y1: item.box[3])
      let numbers = source.resampled(
        to: PixelSize(width: item.width, height: item.height), from: part)
      #expect(numbers.count == item.pixels.count)
      // Pillow rounds twice, once after each direction.
      let worst = zip(numbers, item.pixels).map { abs($0 - Float($1)) }.max() ?? 255
      #expect(worst <= 1.1, "\(item.width)x\(item.height) of \(item.box) differs by \(worst)")
    }
  }

  @Test func oneColourStaysThatColour() {
    let image = PixelImage(width: 31, height: 17, red: 200, green: 7, blue: 99)
    for size in [PixelSize(width: 5, height: 40), PixelSize(width: 64, height: 3)] {
      let resized = image.resized(to: size)
      #expect(
        resized == PixelImage(width: size.width, height: size.height, red: 200, green: 7, blue: 99))
    }
  }

  @Test func turningGoesByTheNumbersOfEXIF() {
    let image = ramp(3, 2)
    func corner(_ orientation: ImageOrientation) -> [UInt8] {
      let turned = image.turned(from: orientation)
      return [turned[0, 0].red, turned[0, 0].green, turned[1, 0].red, turned[1, 0].green]
    }
    #expect(corner(.mirrored) == [2, 0, 1, 0])
    #expect(corner(.turnedHalf) == [2, 1, 1, 1])
    #expect(corner(.flipped) == [0, 1, 1, 1])
    #expect(corner(.transposed) == [0, 0, 0, 1])
    #expect(corner(.turnedRight) == [0, 1, 0, 0])
    #expect(corner(.transverse) == [2, 1, 2, 0])
    #expect(corner(.turnedLeft) == [2, 0, 2, 1])
  }

  @Test func boxesTurnWithTheirPixels() {
    let size = PixelSize(width: 30, height: 20)
    var image = PixelImage(width: 30, height: 20)
    let box = LabelledBox(x0: 4, y0: 3, x1: 10, y1: 8, category: 0)
    for y in 3..<8 {
      for x in 4..<10 { image.pixels[3 * (y * 30 + x)] = 255 }
    }
    for orientation in ImageOrientation.allCases {
      let turned = image.turned(from: orientation)
      let moved = box.turned(from: orientation, in: size)
      for y in 0..<turned.height {
        for x in 0..<turned.width {
          let isInside =
            Double(x) >= moved.x0 && Double(x) < moved.x1 && Double(y) >= moved.y0
            && Double(y) < moved.y1
          #expect((turned[x, y].red == 255) == isInside, "\(orientation) at \(x), \(y)")
        }
      }
    }
  }
}
