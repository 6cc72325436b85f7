import Foundation

/// What stands beside the pixels of a JPEG and changes how they are to be read.
struct JPEGMarkers: Equatable {
  /// From the EXIF block; upright when there is none or it makes no sense.
  private(set) var orientation = ImageOrientation.upright
  /// An Adobe marker: the inks of a CMYK image are stored inverted.
  private(set) var hasAdobe = false

  /// Walks the segments up to the first scan. Anything out of the ordinary ends the walk: whether the
  /// file can be decoded is the decoder's to say.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      if marker == 0xFF {
        place += 1
        continue
      }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard marker != 0xDA, length >= 2, place + 2 + length <= bytes.count else { return }
      let body = UnsafeBufferPointer(rebasing: bytes[(place + 4)..<(place + 2 + length)])
      if marker == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
        orientation =
          ImageOrientation(exif: UnsafeBufferPointer(rebasing: body[6...])) ?? orientation
      }
      if marker == 0xEE, body.starts(with: Array("Adobe".utf8)) { hasAdobe = true }
      place += 2 + length
    }
  }
}
