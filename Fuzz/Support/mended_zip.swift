import DetBasics

/// Gives every entry of a zip file's table the checksum of its member's bytes, so that what is changed in them gets past the first
/// look. Entries that do not lie within the file, or point out of it, stay as they are.
func mendZip(_ file: inout [UInt8]) {
  let entry: [UInt8] = [0x50, 0x4B, 1, 2]
  func number(_ place: Int, _ count: Int) -> Int? {
    guard place >= 0, place + count <= file.count else { return nil }
    return file[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  for place in file.indices where file[place] == entry[0] && file[place...].starts(with: entry) {
    guard let size = number(place + 20, 4), let header = number(place + 42, 4),
      let nameLength = number(header + 26, 2), let extraLength = number(header + 28, 2)
    else { continue }
    let start = header + 30 + nameLength + extraLength
    guard start + size <= file.count else { continue }
    let sum = file[start..<start + size].withUnsafeBytes { CRC32.iso.of($0) }
    for byte in 0..<4 { file[place + 16 + byte] = UInt8(truncatingIfNeeded: sum >> (8 * byte)) }
  }
}
