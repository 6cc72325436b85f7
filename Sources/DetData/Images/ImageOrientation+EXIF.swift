extension ImageOrientation {
  /// What EXIF says: entry 0x0112 of the first directory of a TIFF block; nil when it says nothing that makes sense.
  init?(exif tiff: UnsafeBufferPointer<UInt8>) {
    guard tiff.count >= 8 else { return nil }
    let isLittle = tiff[0] == 0x49
    func number(_ place: Int, bytes: Int) -> Int? {
      guard place >= 0, place + bytes <= tiff.count else { return nil }
      return (0..<bytes).reduce(0) { value, index in
        value << 8 | Int(tiff[place + (isLittle ? bytes - 1 - index : index)])
      }
    }
    guard let start = number(4, bytes: 4), let count = number(start, bytes: 2) else { return nil }
    for entry in 0..<count {
      let place = start + 2 + 12 * entry
      guard let tag = number(place, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let value = number(place + 8, bytes: 2) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
