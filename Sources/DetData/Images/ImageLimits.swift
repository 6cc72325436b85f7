/// How large an image may be before it is refused unread.
///
/// A few kilobytes of PNG can claim gigabytes of pixels; the claim is checked before memory is asked for.
public struct ImageLimits: Sendable, Equatable {
  /// Width times height at most.
  public var pixels: Int
  /// Bytes of the file at most.
  public var fileBytes: Int

  /// 2^27 pixels (400 MB once decoded) and 512 MB of file unless said otherwise.
  public init(pixels: Int = 1 << 27, fileBytes: Int = 512 << 20) {
    self.pixels = pixels
    self.fileBytes = fileBytes
  }

  func check(_ size: PixelSize, place: String) throws {
    guard size.area <= pixels else {
      throw DataError(
        place: place, problem: "the image claims \(size) pixels, more than the \(pixels) allowed",
        cure: "check the file, or cut it into smaller images", kind: .imageBroken)
    }
  }
}
