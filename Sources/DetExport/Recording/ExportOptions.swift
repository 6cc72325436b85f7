/// What a file is to be like.
package struct ExportOptions: Hashable, Sendable {
  /// What images are given as.
  package enum Pixels: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Bytes of red, green and blue; the file normalises them and clears what lies around an image.
    case uint8
    /// Numbers that are normalised already, with zeros around an image.
    case float32

    /// The word.
    package var description: String { rawValue }
  }

  /// What layers compute in.
  package enum Precision: String, CaseIterable, Sendable, CustomStringConvertible {
    /// 32 bits throughout.
    case float32
    /// 16 bits in convolutions and connected layers; places, scores and boxes keep 32.
    case float16

    /// The word.
    package var description: String { rawValue }
  }

  /// What images are given as.
  package var pixels = Pixels.uint8
  /// What layers compute in.
  package var precision = Precision.float32
  /// Images at once.
  package var batch = 1
  /// Whether the images at once are tiles of one, and what is in that comes out.
  package var joinsTiles = false
  /// Of how many detections in all tiles of an image objects are put together; those that are least sure are left out.
  package var mostPieces = GraphTileMerging.mostPieces
  /// Pixels in a row, padding included.
  package var width: Int
  /// Rows, padding included.
  package var height: Int
  /// Whether suppression is in the file, or left to whoever runs it.
  package var suppresses = true

  /// One image of bytes at a time, of this size.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
