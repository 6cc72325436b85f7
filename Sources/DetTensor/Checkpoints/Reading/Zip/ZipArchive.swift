internal import DetBasics
internal import Foundation

/// The table of contents of a zip file.
///
/// Trusts nothing: every offset and size is checked against the file before it is used, members may not overlap,
/// and each must have the same name in its own header as in the table. Files beyond 4 GB (zip64) are read.
struct ZipArchive {
  /// A file within the file.
  struct Member {
    let name: String
    /// Where its bytes lie.
    let range: Range<Int>
    /// The checksum that its bytes should have.
    let checksum: UInt32
    /// Whether its bytes are stored as they are, as PyTorch writes them: neither compressed nor encrypted.
    let isStored: Bool
  }

  /// In the order of the table.
  let members: [Member]
  private let places: [String: Int]
  private let source: String

  /// Reads the table; `source` names the file in errors.
  init(_ data: Data, source: String) throws {
    members = try data.withUnsafeBytes {
      var reader = try ZipReader(FileBytes($0, source: source))
      return try reader.members()
    }
    self.source = source
    var places: [String: Int] = [:]
    for (place, member) in members.enumerated() {
      guard places.updateValue(place, forKey: member.name) == nil else {
        throw TensorError.file(path: source, problem: "holds \"\(member.name)\" twice")
      }
    }
    self.places = places
  }

  /// The member of a name; nil when there is none.
  subscript(name: String) -> Member? { places[name].map { members[$0] } }

  /// Fails when the bytes of a member do not lie in the file as they are.
  func checkStored(_ member: Member) throws {
    guard member.isStored else {
      throw TensorError.file(
        path: source,
        problem:
          "\"\(member.name)\" is compressed or encrypted, and PyTorch only stores: the file was packed again; save it "
          + "anew, in Python: torch.save(torch.load(path), \"weights.pth\")")
    }
  }

  /// Fails when the bytes of a member are not those that were written.
  func check(_ member: Member, in data: Data) throws {
    try checkStored(member)
    try member.checkWhole(in: data, source: source)
  }
}

extension ZipArchive.Member {
  /// Fails when the stored bytes are not those that were written.
  func checkWhole(in data: Data, source: String) throws {
    let found = data.withUnsafeBytes { CRC32.iso.of(UnsafeRawBufferPointer(rebasing: $0[range])) }
    guard found == checksum else {
      throw TensorError.file(
        path: source,
        problem:
          "the checksum of \"\(name)\" is wrong; the file is damaged, or was saved without "
          + "checksums: copy it again, or save it again with PyTorch's defaults")
    }
  }
}

/// The bytes of a file, with reads that fail instead of leaving it.
struct FileBytes {
  let bytes: UnsafeRawBufferPointer
  let source: String

  init(_ bytes: UnsafeRawBufferPointer, source: String) {
    self.bytes = bytes
    self.source = source
  }

  var count: Int { bytes.count }

  func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }

  /// A little-endian number of 2, 4 or 8 bytes.
  func number(at place: Int, bytes size: Int) throws -> UInt64 {
    guard place >= 0, place <= count - size else {
      throw error("has \(count) bytes, and points to byte \(place); it was cut off or damaged")
    }
    var value: UInt64 = 0
    for offset in (0..<size).reversed() { value = value << 8 | UInt64(bytes[place + offset]) }
    return value
  }

  /// A little-endian number that counts or places something in the file.
  func size(at place: Int, bytes width: Int) throws -> Int {
    let value = try number(at: place, bytes: width)
    guard value <= UInt64(count) else {
      throw error("has \(count) bytes, and speaks of \(value); it was cut off or damaged")
    }
    return Int(value)
  }

  /// Whether the four bytes of a signature stand at a place.
  func has(_ signature: UInt32, at place: Int) throws -> Bool {
    try number(at: place, bytes: 4) == UInt64(signature)
  }

  func text(at place: Int, count length: Int) throws -> String {
    guard place >= 0, length <= count - place,
      let text = String(validating: bytes[place..<place + length], as: UTF8.self)
    else { throw error("holds a name that is cut off or no UTF-8") }
    return text
  }
}
