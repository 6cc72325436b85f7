/// Reads the parts of a zip file in the order in which they point to one another: end, table, members.
struct ZipReader {
  private typealias Member = ZipArchive.Member

  private let file: FileBytes
  private var table: Range<Int> = 0..<0
  private var count = 0
  /// Where each member's own header starts and its bytes end.
  private var extents: [(range: Range<Int>, name: String)] = []

  private enum Signature {
    static let member: UInt32 = 0x0403_4B50
    static let entry: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let largeEnd: UInt32 = 0x0606_4B50
    static let largeEndPlace: UInt32 = 0x0706_4B50
  }

  private static let endSize = 22
  private static let entrySize = 46
  private static let headerSize = 30
  /// What stands in a 32-bit field whose value is in the entry's extra field.
  private static let elsewhere: UInt64 = 0xFFFF_FFFF

  init(_ file: FileBytes) throws {
    self.file = file
    let end = try findEnd()
    let place = end - 20
    if place >= 0, try file.has(Signature.largeEndPlace, at: place) {
      try readLargeEnd(at: file.size(at: place + 8, bytes: 8), before: place)
    } else {
      try readEnd(at: end)
    }
    guard count <= table.count / Self.entrySize else {
      throw file.error("claims \(count) members in a table of \(table.count) bytes")
    }
  }

  /// The end record stands in the last bytes, before a comment that reaches the end of the file.
  private func findEnd() throws -> Int {
    let last = file.count - Self.endSize
    let first = max(0, last - 0xFFFF)
    if last >= 0 {
      for place in (first...last).reversed() where try file.has(Signature.end, at: place) {
        let comment = try file.number(at: place + 20, bytes: 2)
        if place + Self.endSize + Int(comment) == file.count { return place }
      }
    }
    throw file.error(
      "begins as a zip file, but its \(file.count) bytes do not end as one: it was cut off; copy or download it again"
    )
  }

  private mutating func readEnd(at end: Int) throws {
    guard try file.number(at: end + 4, bytes: 4) == 0 else {
      throw file.error("is one of several volumes of a zip file; join them first")
    }
    count = try file.size(at: end + 10, bytes: 2)
    try setTable(
      start: file.size(at: end + 16, bytes: 4), size: file.size(at: end + 12, bytes: 4), before: end
    )
  }

  private mutating func readLargeEnd(at end: Int, before limit: Int) throws {
    guard end <= limit - 56, try file.has(Signature.largeEnd, at: end) else {
      throw file.error("has a damaged zip64 table; copy it again")
    }
    guard try file.number(at: end + 16, bytes: 8) == 0 else {
      throw file.error("is one of several volumes of a zip file; join them first")
    }
    count = try file.size(at: end + 32, bytes: 8)
    try setTable(
      start: file.size(at: end + 48, bytes: 8), size: file.size(at: end + 40, bytes: 8), before: end
    )
  }

  private mutating func setTable(start: Int, size: Int, before end: Int) throws {
    guard size <= end, start <= end - size else {
      throw file.error("has a zip table that ends behind its own end; it is damaged")
    }
    table = start..<start + size
  }

  mutating func members() throws -> [ZipArchive.Member] {
    var members: [Member] = []
    members.reserveCapacity(count)
    extents.reserveCapacity(count)
    var place = table.lowerBound
    for _ in 0..<count {
      let (member, next) = try member(at: place)
      members.append(member)
      place = next
    }
    try checkOverlap()
    return members
  }

  private mutating func member(at place: Int) throws -> (Member, next: Int) {
    guard place <= table.upperBound - Self.entrySize, try file.has(Signature.entry, at: place)
    else { throw file.error("has a damaged zip table; copy it again") }
    let nameLength = try file.size(at: place + 28, bytes: 2)
    let extraLength = try file.size(at: place + 30, bytes: 2)
    let commentLength = try file.size(at: place + 32, bytes: 2)
    let extra = place + Self.entrySize + nameLength
    let next = extra + extraLength + commentLength
    guard next <= table.upperBound else { throw file.error("has a zip table that is cut off") }
    let name = try file.text(at: place + Self.entrySize, count: nameLength)
    let isStored = try isStored(at: place)
    let fields = try sizes(
      at: place, extra: extra..<extra + extraLength, name, isStored: isStored)
    let start = try bytesStart(header: fields.header, name)
    guard start <= table.lowerBound, fields.size <= table.lowerBound - start else {
      throw file.error("\"\(name)\" goes on behind the members; the file is damaged")
    }
    let range = start..<start + fields.size
    extents.append((fields.header..<range.upperBound, name))
    let checksum = UInt32(truncatingIfNeeded: try file.number(at: place + 16, bytes: 4))
    return (Member(name: name, range: range, checksum: checksum, isStored: isStored), next)
  }

  /// Whether the bytes of a member lie there as they are: no flag of encryption, method 0.
  private func isStored(at place: Int) throws -> Bool {
    try file.number(at: place + 8, bytes: 2) & 1 == 0 && file.number(at: place + 10, bytes: 2) == 0
  }

  /// Size and header's place, which in members beyond 4 GB stand in the zip64 field (number 1).
  private func sizes(
    at place: Int, extra: Range<Int>, _ name: String, isStored: Bool
  ) throws -> (size: Int, header: Int) {
    var fields = [
      try file.number(at: place + 24, bytes: 4), try file.number(at: place + 20, bytes: 4),
      try file.number(at: place + 42, bytes: 4),
    ]
    var field = extra.lowerBound
    while field + 4 <= extra.upperBound {
      let length = try file.size(at: field + 2, bytes: 2)
      let end = field + 4 + length
      guard end <= extra.upperBound else { break }
      if try file.number(at: field, bytes: 2) == 1 {
        var value = field + 4
        for index in fields.indices where fields[index] == Self.elsewhere {
          guard value + 8 <= end else { break }
          fields[index] = try file.number(at: value, bytes: 8)
          value += 8
        }
      }
      field = end
    }
    guard !isStored || fields[0] == fields[1] else {
      throw file.error("\"\(name)\" is stored, but has two sizes: \(fields[0]) and \(fields[1])")
    }
    guard let size = Int(exactly: fields[1]), let header = Int(exactly: fields[2]),
      size <= file.count, header <= file.count
    else {
      throw file.error("\"\(name)\" of \(fields[0]) bytes is more than the file's \(file.count)")
    }
    return (size, header)
  }

  /// Behind the member's own header, which must name it as the table does.
  private func bytesStart(header: Int, _ name: String) throws -> Int {
    guard try file.has(Signature.member, at: header) else {
      throw file.error("\"\(name)\" has no header at byte \(header); the file is damaged")
    }
    let nameLength = try file.size(at: header + 26, bytes: 2)
    let extraLength = try file.size(at: header + 28, bytes: 2)
    guard try file.text(at: header + Self.headerSize, count: nameLength) == name else {
      throw file.error("\"\(name)\" has another name in its own header; the file is damaged")
    }
    return header + Self.headerSize + nameLength + extraLength
  }

  private func checkOverlap() throws {
    let sorted = extents.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (before, after) in zip(sorted, sorted.dropFirst())
    where before.range.upperBound > after.range.lowerBound {
      throw file.error("\"\(before.name)\" and \"\(after.name)\" overlap; the file is damaged")
    }
  }
}
