import CImage
public import Foundation

extension PixelImage {
  /// The picture as a PNG file.
  public func encodePNG() throws -> Data {
    try encoded("PNG") { pixels, bytes, count, message in
      cimage_png_encode(pixels, Int32(width), Int32(height), bytes, count, message)
    }
  }

  /// The picture as a JPEG file (4:2:0), quality from 1 to 100.
  public func encodeJPEG(quality: Int = 90) throws -> Data {
    precondition((1...100).contains(quality), "JPEG quality is 1 to 100, not \(quality)")
    return try encoded("JPEG") { pixels, bytes, count, message in
      cimage_jpeg_encode(
        pixels, Int32(width), Int32(height), Int32(quality), bytes, count, message)
    }
  }

  private func encoded(
    _ kind: String,
    _ encode: (
      UnsafePointer<UInt8>?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
      UnsafeMutablePointer<Int>, UnsafeMutablePointer<CChar>
    ) -> Int32
  ) throws -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    try pixels.withUnsafeBufferPointer { source in
      try shim("writing a \(kind) of \(size)") { encode(source.baseAddress, &bytes, &count, $0) }
    }
    defer { cimage_free(bytes) }
    return bytes.map { Data(bytes: $0, count: count) } ?? Data()
  }
}
