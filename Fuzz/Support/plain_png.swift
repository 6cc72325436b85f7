/// PNG and EXIF by their definitions, a byte at a time, to set readers against.
enum PlainPNG {
  struct Chunk {
    let kind: String
    let range: Range<Int>
    var content: Range<Int> { range.lowerBound + 8..<range.upperBound - 4 }
  }

  /// All chunks of a file; nil where they do not reach its end, a checksum is wrong, or `eXIf` stands anywhere but in the kinds
  /// of chunks, so that bytes which only look like a chunk cannot be told from one.
  static func chunks(_ file: [UInt8]) -> [Chunk]? {
    var chunks: [Chunk] = []
    var place = 8
    while place < file.count {
      guard let end = end(file, place),
        checksum(file[place + 4..<end - 4]) == number(file[(end - 4)...], 4)
      else { return nil }
      let kind = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      chunks.append(Chunk(kind: kind, range: place..<end))
      place = end
    }
    let named = chunks.count { $0.kind == "eXIf" }
    return named == mentions(file[...]) ? chunks : nil
  }

  /// Gives every chunk the checksum that it should have, up to the first that is not whole.
  static func mend(_ file: inout [UInt8]) {
    var place = 8
    while let end = end(file, place) {
      let sum = checksum(file[place + 4..<end - 4])
      for byte in 0..<4 { file[end - 4 + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * byte)) }
      place = end
    }
  }

  /// Whether the name of the chunk stands anywhere.
  static func speaks(_ bytes: ArraySlice<UInt8>) -> Bool { mentions(bytes) > 0 }

  /// Whether a whole `eXIf` of the right checksum, wherever it begins in some bytes, states an orientation.
  static func states(_ orientation: Int, _ bytes: ArraySlice<UInt8>) -> Bool {
    let file = Array(bytes)
    return file.indices.contains { place in
      guard file[place...].dropFirst(4).starts(with: "eXIf".utf8), let end = end(file, place),
        checksum(file[place + 4..<end - 4]) == number(file[(end - 4)...], 4)
      else { return false }
      return self.orientation(exif: file[place + 8..<end - 4]) == orientation
    }
  }

  /// The number from 1 to 8 that a block of EXIF states; nil for none.
  static func orientation(exif content: ArraySlice<UInt8>) -> Int? {
    let block = content.starts(with: "Exif\0\0".utf8) ? content.dropFirst(6) : content
    guard block.count >= 8 else { return nil }
    func field(_ place: Int, _ count: Int) -> Int? {
      let bytes = block.dropFirst(place).prefix(count)
      guard bytes.count == count else { return nil }
      return Int(
        block.first == UInt8(ascii: "I") ? number(bytes.reversed(), count) : number(bytes, count))
    }
    guard let directory = field(4, 4), let entries = field(directory, 2) else { return nil }
    var place = directory + 2
    for _ in 0..<entries {
      guard let tag = field(place, 2) else { return nil }
      if tag == 0x0112 { return field(place + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil } }
      place += 12
    }
    return nil
  }

  private static func end(_ file: [UInt8], _ place: Int) -> Int? {
    guard place + 12 <= file.count else { return nil }
    let end = place + 12 + Int(number(file[place...], 4))
    return end <= file.count ? end : nil
  }

  private static func mentions(_ bytes: ArraySlice<UInt8>) -> Int {
    let name = Array("eXIf".utf8)
    return bytes.indices.count { bytes[$0] == name[0] && bytes[$0...].starts(with: name) }
  }

  private static func number(_ bytes: some Sequence<UInt8>, _ count: Int) -> UInt32 {
    bytes.prefix(count).reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~sum
  }
}
