/// How stored pixels must be turned to be upright, as EXIF numbers it (1 to 8).
public enum ImageOrientation: Int, Sendable, CaseIterable {
  /// Stored upright.
  case upright = 1
  /// Left and right are swapped.
  case mirrored
  /// Half a turn.
  case turnedHalf
  /// Top and bottom are swapped.
  case flipped
  /// Rows are columns.
  case transposed
  /// Needs a quarter turn clockwise.
  case turnedRight
  /// Rows are columns, from the other corner.
  case transverse
  /// Needs a quarter turn counterclockwise.
  case turnedLeft

  /// True when width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }
}

extension PixelImage {
  /// The picture turned upright from its stored orientation.
  public func turned(from orientation: ImageOrientation) -> PixelImage {
    guard orientation != .upright else { return self }
    let swaps = orientation.swapsSides
    let newWidth = swaps ? height : width
    let newHeight = swaps ? width : height
    // Where the upright pixel (x, y) is stored: an origin and a step per column and row.
    let right = width - 1
    let bottom = height - 1
    let (x0, y0, xAlong, yAlong, xDown, yDown): (Int, Int, Int, Int, Int, Int) =
      switch orientation {
      case .upright: (0, 0, 1, 0, 0, 1)
      case .mirrored: (right, 0, -1, 0, 0, 1)
      case .turnedHalf: (right, bottom, -1, 0, 0, -1)
      case .flipped: (0, bottom, 1, 0, 0, -1)
      case .transposed: (0, 0, 0, 1, 1, 0)
      case .turnedRight: (0, bottom, 0, -1, 1, 0)
      case .transverse: (right, bottom, 0, -1, -1, 0)
      case .turnedLeft: (right, 0, 0, 1, -1, 0)
      }
    let along = 3 * (yAlong * width + xAlong)
    return PixelImage(width: newWidth, height: newHeight) { target in
      pixels.withUnsafeBufferPointer { source in
        var place = 0
        for row in 0..<newHeight {
          var from = 3 * ((y0 + row * yDown) * width + x0 + row * xDown)
          for _ in 0..<newWidth {
            target[place] = source[from]
            target[place + 1] = source[from + 1]
            target[place + 2] = source[from + 2]
            place += 3
            from += along
          }
        }
      }
    }
  }
}
