import CImage
import DetBasics
public import Foundation

/// How an image file becomes pixels.
public struct DecodeOptions: Sendable, Equatable {
  /// What to do with the orientation a camera noted.
  public enum Turning: Sendable, Equatable {
    /// Turn the picture upright.
    case upright
    /// Leave the pixels as they are stored.
    case asStored
    /// Turn it only when that gives the size the annotations speak of.
    case matching(PixelSize)
  }

  /// The orientation.
  public var turning: Turning
  /// When set, the decoder may shrink the picture on the way (JPEG: by eighths), never below this size.
  public var atLeast: PixelSize?
  /// How large an image may be.
  public var limits: ImageLimits

  /// Upright, at full size, within the usual limits.
  public init(
    turning: Turning = .upright, atLeast: PixelSize? = nil, limits: ImageLimits = ImageLimits()
  ) {
    self.turning = turning
    self.atLeast = atLeast
    self.limits = limits
  }
}

extension PixelImage {
  /// Decodes a JPEG or PNG file; a damaged or truncated one is an error that names it.
  public static func decode(
    _ path: String, options: DecodeOptions = DecodeOptions()
  ) throws -> PixelImage {
    try decode(bytes(path, limits: options.limits), place: path, options: options)
  }

  /// The bytes of an image file that is not too large.
  static func bytes(_ path: String, limits: ImageLimits) throws -> Data {
    let data = try ImageFile.read(path, most: limits.fileBytes &+ 1)
    guard data.count <= limits.fileBytes else {
      throw DataError(
        place: path, problem: "is larger than \(limits.fileBytes) bytes",
        cure: "check the file, or cut it into smaller images", kind: .imageBroken)
    }
    return data
  }

  /// Decodes a JPEG or PNG file in memory; `place` names it in errors.
  public static func decode(
    _ data: Data, place: String, options: DecodeOptions = DecodeOptions()
  ) throws -> PixelImage {
    let header = try ImageFile.header(data, place: place)
    try options.limits.check(header.stored, place: place)
    let orientation = try chosenOrientation(header, options.turning, place: place)
    let image = try data.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
      let bytes = raw.bindMemory(to: UInt8.self)
      return switch header.kind {
      case .jpeg: try decodeJPEG(bytes, header, orientation, options.atLeast, place: place)
      case .png: try decodePNG(bytes, header.stored, place: place)
      }
    }
    return image.turned(from: orientation)
  }

  private static func chosenOrientation(
    _ header: ImageFile.Header, _ turning: DecodeOptions.Turning, place: String
  ) throws -> ImageOrientation {
    switch turning {
    case .upright: return header.orientation
    case .asStored: return .upright
    case .matching(let size):
      if header.upright == size { return header.orientation }
      if header.stored == size { return .upright }
      throw DataError(
        place: place, problem: "the annotations say \(size), the image is \(header.upright)",
        cure: "give the images that were annotated, or correct the size in the annotations",
        kind: .sizeDiffers)
    }
  }

  private static func decodeJPEG(
    _ bytes: UnsafeBufferPointer<UInt8>, _ header: ImageFile.Header,
    _ orientation: ImageOrientation, _ atLeast: PixelSize?, place: String
  ) throws -> PixelImage {
    let stored = header.stored
    let wanted = atLeast.map { orientation.swapsSides ? $0.turned : $0 }
    let eighths = wanted.map { fewestEighths(of: stored, atLeast: $0) } ?? 8
    let width = (stored.width * eighths + 7) / 8
    let height = (stored.height * eighths + 7) / 8
    return try PixelImage(width: width, height: height) { target in
      try shim(place, cure: ImageFile.brokenCure) {
        cimage_jpeg_decode(
          bytes.baseAddress, bytes.count, Int32(eighths), header.isInvertedCMYK,
          target.baseAddress, $0)
      }
    }
  }

  /// Only halvings: the other eighths take the decoder's slow path and cost more than they save.
  private static func fewestEighths(of size: PixelSize, atLeast wanted: PixelSize) -> Int {
    for eighths in [1, 2, 4] {
      let width = (size.width * eighths + 7) / 8
      let height = (size.height * eighths + 7) / 8
      if width >= wanted.width, height >= wanted.height { return eighths }
    }
    return 8
  }

  private static func decodePNG(
    _ bytes: UnsafeBufferPointer<UInt8>, _ size: PixelSize, place: String
  ) throws -> PixelImage {
    try PixelImage(width: size.width, height: size.height) { target in
      try shim(place, cure: ImageFile.brokenCure) {
        cimage_png_decode(
          bytes.baseAddress, bytes.count, Int32(size.width), Int32(size.height),
          target.baseAddress, $0)
      }
    }
  }
}
