import CImage
import DetBasics
public import Foundation

/// Looking at an image file without decoding its pixels.
public enum ImageFile {
  /// The kinds of file that can be decoded.
  public enum Kind: Sendable {
    /// JPEG
    case jpeg
    /// PNG
    case png
  }

  /// What the head of a file says.
  public struct Header: Sendable, Equatable {
    /// JPEG or PNG.
    public let kind: Kind
    /// The size as stored.
    public let stored: PixelSize
    /// How the stored pixels must be turned.
    public let orientation: ImageOrientation

    /// The size once upright.
    public var upright: PixelSize { orientation.swapsSides ? stored.turned : stored }

    let isInvertedCMYK: Bool
  }

  /// The endings by which images are found in folders, in lower case.
  public static let endings: Set<String> = ["jpg", "jpeg", "png"]

  /// The size of the upright image, from the head of the file alone.
  public static func size(_ path: String) throws -> PixelSize {
    try header(path).upright
  }

  /// What the head of a file says, and of a PNG its end; reads 256 KiB, and the rest only when that was not enough.
  public static func header(_ path: String) throws -> Header {
    let head = 256 << 10
    let bytes = try read(path, most: head)
    do {
      return try header(bytes, place: path) {
        bytes.count < head ? bytes.suffix(PNGChunks.tail) : try read(path, last: PNGChunks.tail)
      }
    } catch {
      guard bytes.count == head else { throw error }
      return try header(try read(path, most: Int.max), place: path)
    }
  }

  /// What a file in memory says before its pixels are decoded; `place` names it in errors.
  public static func header(_ data: Data, place: String) throws -> Header {
    try header(data, place: place) { data.suffix(PNGChunks.tail) }
  }

  private static func header(
    _ data: Data, place: String, tail: () throws -> Data
  ) throws -> Header {
    try data.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
      let bytes = raw.bindMemory(to: UInt8.self)
      switch try kind(bytes, place: place) {
      case .jpeg:
        var header = cimage_jpeg_header()
        try shim(place, cure: brokenCure) {
          cimage_jpeg_read_header(bytes.baseAddress, bytes.count, &header, $0)
        }
        let markers = JPEGMarkers(bytes)
        return Header(
          kind: .jpeg,
          stored: PixelSize(width: Int(header.width), height: Int(header.height)),
          orientation: markers.orientation, isInvertedCMYK: header.is_cmyk && markers.hasAdobe)
      case .png:
        var width: Int32 = 0
        var height: Int32 = 0
        try shim(place, cure: brokenCure) {
          cimage_png_read_header(bytes.baseAddress, bytes.count, &width, &height, $0)
        }
        return Header(
          kind: .png, stored: PixelSize(width: Int(width), height: Int(height)),
          orientation: try PNGChunks.orientation(head: bytes, tail: tail), isInvertedCMYK: false)
      }
    }
  }

  static let brokenCure = "the file is damaged or not whole: copy it again, or leave it out"

  private static func kind(_ bytes: UnsafeBufferPointer<UInt8>, place: String) throws -> Kind {
    if bytes.starts(with: [0xFF, 0xD8]) { return .jpeg }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return .png }
    guard !bytes.isEmpty else {
      throw DataError(
        place: place, problem: "the file is empty", cure: "copy it again", kind: .imageBroken)
    }
    throw DataError(
      place: place, problem: "is neither JPEG nor PNG", cure: "convert it to one of them",
      kind: .imageBroken)
  }

  /// The first bytes of a file, at most `most` of them.
  static func read(_ path: String, most: Int) throws -> Data {
    try read(path) { (0, min($0, most)) }
  }

  /// The last bytes of a file, at most `last` of them.
  private static func read(_ path: String, last: Int) throws -> Data {
    try read(path) { (max(0, $0 - last), min($0, last)) }
  }

  /// The part of a file that is wanted of its size.
  private static func read(
    _ path: String, _ part: (Int) -> (start: Int, count: Int)
  ) throws -> Data {
    // O_NONBLOCK: a pipe that nobody writes to is refused, not waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the image", errorNumber: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw DataError(
        place: path, problem: "is not a file", cure: "name an image file", kind: .imageBroken)
    }
    let (start, wanted) = part(Int(status.st_size))
    var data = Data(count: wanted)
    let count = try data.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < wanted, let base = buffer.baseAddress {
        let got = pread(descriptor, base + filled, wanted - filled, off_t(start + filled))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else {
          throw FileError(path: path, action: "read the image", errorNumber: errno)
        }
        if got == 0 { break }
        filled += got
      }
      return filled
    }
    return count == wanted ? data : data.prefix(count)
  }
}
