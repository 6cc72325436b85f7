import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Pictures that EXIF turns: the box lies on the object, whichever pixels its annotations speak of.
@Suite struct OrientationTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A box of whole pixels.
  struct Box: Equatable {
    var x0: Int
    var y0: Int
    var x1: Int
    var y1: Int

    /// The same part of the picture where it is stored for an orientation; `size` is that of the upright picture.
    func stored(_ orientation: ImageOrientation, _ size: PixelSize) -> Box {
      let (w, h) = (size.width, size.height)
      return switch orientation {
      case .upright: self
      case .mirrored: Box(x0: w - x1, y0: y0, x1: w - x0, y1: y1)
      case .turnedHalf: Box(x0: w - x1, y0: h - y1, x1: w - x0, y1: h - y0)
      case .flipped: Box(x0: x0, y0: h - y1, x1: x1, y1: h - y0)
      case .transposed: Box(x0: y0, y0: x0, x1: y1, y1: x1)
      case .turnedRight: Box(x0: y0, y0: w - x1, x1: y1, y1: w - x0)
      case .transverse: Box(x0: h - y1, y0: w - x1, x1: h - y0, y1: w - x0)
      case .turnedLeft: Box(x0: h - y1, y0: x0, x1: h - y0, y1: x1)
      }
    }
  }

  private static let object = Box(x0: 6, y0: 8, x1: 24, y1: 30)

  /// Where EXIF stands in a file.
  enum Place: CaseIterable { case jpeg, pngBeforePixels, pngBehindPixels, pngWithMark }

  /// A grey picture with a red object, stored for an orientation, with EXIF; all are called a.jpg: content counts.
  private func write(
    _ orientation: ImageOrientation, _ size: PixelSize, _ place: Place = .jpeg
  ) throws {
    let stored = orientation.swapsSides ? size.turned : size
    let box = Self.object.stored(orientation, size)
    var image = PixelImage(width: stored.width, height: stored.height, red: 90, green: 90, blue: 90)
    for y in box.y0..<box.y1 {
      for x in box.x0..<box.x1 {
        let start = 3 * (y * stored.width + x)
        image.pixels.replaceSubrange(start..<start + 3, with: [230, 20, 20])
      }
    }
    let tiff: [UInt8] = [
      0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0,
      UInt8(orientation.rawValue), 0, 0, 0, 0, 0, 0,
    ]
    let marked = Array("Exif\0\0".utf8) + tiff
    guard place != .jpeg else {
      let jpeg = try image.encodeJPEG(quality: 98)
      let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(marked.count + 2)] + marked
      try folder.write("images/a.jpg", jpeg.prefix(2) + Data(segment) + jpeg.dropFirst(2))
      return
    }
    let png = try image.encodePNG()
    let chunk = Self.chunk("eXIf", place == .pngWithMark ? marked : tiff)
    // Before the pixels it stands behind the header of 13 bytes, behind them before the end.
    let split = place == .pngBehindPixels ? png.count - 12 : 8 + 25
    try folder.write("images/a.jpg", png.prefix(split) + chunk + png.dropFirst(split))
  }

  /// A chunk of a PNG with its checksum, by polynomial division.
  private static func chunk(_ kind: String, _ content: [UInt8]) -> Data {
    func word(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) } }
    let checked = Array(kind.utf8) + content
    let remainder = checked.reduce(UInt32.max) { remainder, byte in
      (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
      }
    }
    return Data(word(UInt32(content.count)) + checked + word(~remainder))
  }

  /// How annotations may be made: on the upright picture, or on the stored pixels.
  enum Drawn: CaseIterable { case upright, stored }

  /// Formats whose boxes lie on pictures.
  enum Format: CaseIterable { case voc, coco, yolo, bdd }

  private func load(
    _ format: Format, _ box: Box, stated: PixelSize
  ) throws -> Dataset {
    let (x0, y0, x1, y1) = (box.x0, box.y0, box.x1, box.y1)
    switch format {
    case .voc:
      try folder.write("voc/a.xml", vocXML("a.jpg", stated, [("red", [x0 + 1, y0 + 1, x1, y1])]))
      var source = DatasetSource(format: .voc, annotations: folder.file("voc"))
      source.images = folder.file("images")
      return try Dataset.load(source)
    case .coco:
      let file = try folder.write(
        "a.json",
        """
        {"images":[{"id":1,"file_name":"a.jpg","width":\(stated.width),"height":\(stated.height)}],
        "categories":[{"id":1,"name":"red"}],"annotations":[{"id":1,"image_id":1,"category_id":1,
        "iscrowd":0,"area":10,"bbox":[\(x0),\(y0),\(x1 - x0),\(y1 - y0)]}]}
        """)
      return try Dataset.load(
        DatasetSource(format: .coco, annotations: file, images: folder.file("images")))
    case .yolo:
      let (w, h) = (Double(2 * stated.width), Double(2 * stated.height))
      try folder.write(
        "labels/a.txt",
        "0 \(Double(x0 + x1) / w) \(Double(y0 + y1) / h) \(Double(x1 - x0) * 2 / w) \(Double(y1 - y0) * 2 / h)"
      )
      var source = DatasetSource(format: .yolo, images: folder.file("images"))
      source.classes = ["red"]
      return try Dataset.load(source)
    case .bdd:
      let file = try folder.write(
        "b.json",
        """
        [{"name":"a.jpg","labels":[{"category":"car","box2d":{"x1":\(x0),"y1":\(y0),"x2":\(x1),"y2":\(y1)}}]}]
        """)
      return try Dataset.load(
        DatasetSource(format: .bdd, annotations: file, images: folder.file("images")))
    }
  }

  /// The share of red pixels within the first box, and without.
  private func red(_ dataset: Dataset) throws -> (inside: Double, outside: Double) {
    let sample = dataset.samples[0]
    let box = sample.boxes[0]
    let image = try sample.picture()
    var counts = (0, 0, 0, 0)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let isRed = image.pixels[3 * (y * image.width + x)] > 160
        let isInside =
          Double(x) >= box.x0 - 0.01 && Double(x) + 1 <= box.x1 + 0.01
          && Double(y) >= box.y0 - 0.01 && Double(y) + 1 <= box.y1 + 0.01
        if isInside {
          counts.0 += isRed ? 1 : 0; counts.1 += 1
        } else {
          counts.2 += isRed ? 1 : 0; counts.3 += 1
        }
      }
    }
    return (
      Double(counts.0) / Double(max(1, counts.1)), Double(counts.2) / Double(max(1, counts.3))
    )
  }

  @Test(arguments: ImageOrientation.allCases, Place.allCases)
  func theBoxLiesOnTheObjectWhereItCanBeKnown(
    orientation: ImageOrientation, place: Place
  ) throws {
    for size in [PixelSize(width: 48, height: 64), PixelSize(width: 48, height: 48)] {
      try write(orientation, size, place)
      let stored = orientation.swapsSides ? size.turned : size
      for drawn in Drawn.allCases {
        let box = drawn == .upright ? Self.object : Self.object.stored(orientation, size)
        for format in Format.allCases {
          // Boxes on stored pixels are known by a stated size that only those have.
          let isStated = format == .voc || format == .coco
          let canBeKnown =
            drawn == .upright || (isStated && stored != size)
            || orientation == .upright
          let dataset = try load(format, box, stated: drawn == .upright ? size : stored)
          let what = "\(format), \(place), \(orientation), \(size), drawn on the \(drawn) picture"
          if canBeKnown {
            let share = try red(dataset)
            #expect(share.inside > 0.95 && share.outside < 0.05, "\(what): \(share)")
          }
          if format == .voc || format == .yolo {
            // One message where nothing tells, none where something does.
            let isPlain = orientation == .upright || (isStated && stored != size)
            #expect(
              dataset.repairs.count { $0.kind == .orientationUnclear } == (isPlain ? 0 : 1),
              "\(what)")
          }
        }
      }
    }
  }

  /// A header that is read from the two ends of a file says what the whole file says.
  @Test func aLongPNGIsTurnedByWhatStandsBehindItsPixels() throws {
    let size = PixelSize(width: 400, height: 300)
    var noise: UInt32 = 1
    var image = PixelImage(width: size.width, height: size.height, red: 0, green: 0, blue: 0)
    for place in image.pixels.indices {
      noise = noise &* 1_664_525 &+ 1_013_904_223
      image.pixels[place] = UInt8(noise >> 24)
    }
    let png = try image.encodePNG()
    #expect(png.count > 300_000)
    let tiff: [UInt8] = [
      0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
    ]
    let file = folder.file("long.png")
    let whole = png.dropLast(12) + Self.chunk("eXIf", tiff) + png.suffix(12)
    try folder.write("long.png", whole)
    #expect(try ImageFile.header(file).orientation == .turnedRight)
    #expect(try ImageFile.header(whole, place: file).orientation == .turnedRight)
    #expect(try PixelImage.decode(file).height == size.width)
    // With a wrong checksum those letters are pixels as likely as not.
    var broken = whole
    broken[broken.count - 13] ^= 1
    try folder.write("long.png", broken)
    #expect(try ImageFile.header(file).orientation == .upright)
  }

  @Test func aSizeWithItsSidesChangedOverIsTakenWhereTheBoxesFit() throws {
    let size = PixelSize(width: 48, height: 64)
    try write(.upright, size)
    let dataset = try load(.voc, Self.object, stated: size.turned)
    #expect(dataset.repairs.map(\.kind) == [.sizeTurned])
    #expect(dataset.samples[0].imageSize == size)
    // A box that only fits into the size that is stated: then the image is another.
    let wide = Box(x0: 10, y0: 10, x1: 60, y1: 40)
    #expect(thrown { try load(.voc, wide, stated: size.turned) }.contains("is said to be 64x48"))
    #expect(
      thrown { try load(.voc, Self.object, stated: PixelSize(width: 640, height: 480)) }
        .contains("a.xml:2: the size is said to be 640x480, but "))
  }
}
