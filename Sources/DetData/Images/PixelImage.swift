/// A picture in memory: rows of 8-bit red, green, blue without padding.
public struct PixelImage: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// `width * height * 3` bytes: R G B of the first row from the left, then the next row.
  public var pixels: [UInt8]

  /// A picture of the given bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture of \(width)x\(height) pixels")
    precondition(
      pixels.count == width * height * 3,
      "\(pixels.count) bytes for \(width)x\(height) pixels of 3 bytes")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A picture of one colour.
  public init(
    width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0
  ) {
    var pixels = [UInt8](repeating: red, count: width * height * 3)
    if green != red || blue != red {
      for start in stride(from: 0, to: pixels.count, by: 3) {
        pixels[start + 1] = green
        pixels[start + 2] = blue
      }
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// A picture whose bytes `fill` writes, every one of them.
  init(
    width: Int, height: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void
  ) rethrows {
    let count = width * height * 3
    self.width = width
    self.height = height
    pixels = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      initialized = count
    }
  }

  /// Width and height.
  public var size: PixelSize { PixelSize(width: width, height: height) }

  /// Red, green and blue of one pixel.
  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let start = 3 * (y * width + x)
    return (pixels[start], pixels[start + 1], pixels[start + 2])
  }

  /// The part inside `region`, which must lie within the picture.
  public func cropped(_ region: PixelRegion) -> PixelImage {
    precondition(
      region.x >= 0 && region.y >= 0 && region.width > 0 && region.height > 0
        && region.x + region.width <= width && region.y + region.height <= height,
      "the region \(region) is not inside \(size)")
    return PixelImage(width: region.width, height: region.height) { target in
      pixels.withUnsafeBufferPointer { source in
        for row in 0..<region.height {
          let start = 3 * ((region.y + row) * width + region.x)
          let part = source[start..<start + 3 * region.width]
          _ = target[(3 * row * region.width)...].update(fromContentsOf: part)
        }
      }
    }
  }
}
