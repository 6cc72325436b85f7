import DetBasics
import Foundation

/// What stands beside the pixels of a PNG and changes how they are to be read: its `eXIf` chunk.
///
/// It may stand before the pixels or behind them. Before them the chunks are walked; behind them it is looked for in the last
/// bytes of the file, so that no header costs the reading of all pixels, and known by its checksum.
enum PNGChunks {
  /// How much of a file's end is looked through.
  static let tail = 64 << 10

  /// The orientation that the head of a file states, or else its end.
  static func orientation(
    head: UnsafeBufferPointer<UInt8>, tail: () throws -> Data
  ) rethrows -> ImageOrientation {
    if let exif = exif(before: head) { return ImageOrientation(exif: exif) ?? .upright }
    return try tail().withUnsafeBytes { raw in
      exif(within: raw.bindMemory(to: UInt8.self)).flatMap(ImageOrientation.init(exif:)) ?? .upright
    }
  }

  /// The chunk's content where it stands before the pixels.
  private static func exif(
    before bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    var place = 8
    while let chunk = Chunk(bytes, at: place), chunk.kind != "IDAT" {
      if chunk.kind == "eXIf" { return tiff(chunk.content) }
      place = chunk.end
    }
    return nil
  }

  /// The chunk's content, wherever it begins in these bytes.
  private static func exif(
    within bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    for place in 0..<max(0, bytes.count - 11) where bytes[place + 4] == UInt8(ascii: "e") {
      guard let chunk = Chunk(bytes, at: place), chunk.kind == "eXIf", chunk.isWhole else {
        continue
      }
      return tiff(chunk.content)
    }
    return nil
  }

  /// Some writers put JPEG's mark before it.
  private static func tiff(_ content: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let mark = Array("Exif\0\0".utf8)
    return content.starts(with: mark)
      ? UnsafeBufferPointer(rebasing: content[mark.count...]) : content
  }

  /// Length, four letters, content, checksum.
  private struct Chunk {
    let kind: String
    let content: UnsafeBufferPointer<UInt8>
    let end: Int
    private let checked: UnsafeBufferPointer<UInt8>
    private let checksum: UInt32

    /// nil: no whole chunk begins there.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) {
      guard place >= 0, place + 12 <= bytes.count else { return nil }
      func word(_ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[start + $1]) }
      }
      let length = Int(word(place))
      guard length <= bytes.count - place - 12 else { return nil }
      end = place + 12 + length
      kind = String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self)
      content = UnsafeBufferPointer(rebasing: bytes[(place + 8)..<(place + 8 + length)])
      checked = UnsafeBufferPointer(rebasing: bytes[(place + 4)..<(place + 8 + length)])
      checksum = word(end - 4)
    }

    /// Whether the checksum is right.
    var isWhole: Bool { CRC32.iso.of(UnsafeRawBufferPointer(checked)) == checksum }
  }
}
