import CImage

extension PixelImage {
  /// The picture, or the part of it in the rectangle, at another size: antialiased bilinear.
  public func resized(to size: PixelSize) -> PixelImage {
    resized(to: size, from: Rectangle(self.size))
  }

  func resized(to size: PixelSize, from part: Rectangle) -> PixelImage {
    let numbers = resampled(to: size, from: part)
    return PixelImage(width: size.width, height: size.height) { target in
      for index in target.indices {
        target[index] = UInt8(max(0, min(255, numbers[index].rounded())))
      }
    }
  }

  /// Red, green, blue of every pixel from 0 to 255, not rounded.
  func resampled(to size: PixelSize, from part: Rectangle) -> [Float] {
    var tone = cimage_tone()
    tone.scale = (1, 1, 1)
    var target = cimage_target()
    target.width = Int32(size.width)
    target.height = Int32(size.height)
    target.pixel_stride = 3
    target.row_stride = 3 * size.width
    target.channel_stride = 1
    return pixels.withUnsafeBufferPointer { bytes in
      var source = cimage_source()
      source.rgb = bytes.baseAddress
      source.row_bytes = 3 * width
      source.width = Int32(width)
      source.height = Int32(height)
      (source.x0, source.y0, source.x1, source.y1) = (part.x0, part.y0, part.x1, part.y1)
      return [Float](unsafeUninitializedCapacity: 3 * size.area) { buffer, count in
        target.pixels = buffer.baseAddress
        count = 3 * size.area
        do {
          try shim("resizing") { cimage_resample(&source, &target, &tone, $0) }
        } catch {
          fatalError("\(error)")
        }
      }
    }
  }
}
