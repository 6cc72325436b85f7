import Foundation

/// A 64-bit hash that is the same on every machine, in every process and under every compiler.
///
/// FNV-1a over bytes, finished by SplitMix64's mixer. For identity of designs, recipes and files;
/// not for security.
///
/// ```swift
/// StableHash.hex(of: "resnet18")  // 16 hexadecimal digits
/// ```
public struct StableHash: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing yet.
  public init() {}

  /// Adds bytes.
  public mutating func combine(bytes: some Sequence<UInt8>) {
    for byte in bytes {
      state ^= UInt64(byte)
      state &*= 0x0000_0100_0000_01B3
    }
  }

  /// Adds a text's UTF-8 and its length, so that ("ab", "c") differs from ("a", "bc").
  public mutating func combine(_ text: String) {
    combine(bytes: text.utf8)
    combine(UInt64(text.utf8.count))
  }

  /// Adds a number, lowest byte first.
  public mutating func combine(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      combine(bytes: CollectionOfOne(UInt8(truncatingIfNeeded: number >> shift)))
    }
  }

  /// Adds bytes, eight at a time: gigabytes a second. Not the same as ``combine(bytes:)``.
  public mutating func combine(buffer: UnsafeRawBufferPointer) {
    let words = buffer.count / 8
    for index in 0..<words {
      let word = buffer.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
      state = (state ^ UInt64(littleEndian: word)) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }
    combine(bytes: buffer[(words * 8)...])
    combine(UInt64(buffer.count))
  }

  /// The hash of a file's bytes.
  public static func value(ofFile path: String) throws -> UInt64 {
    try Files.expectFile(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the file", errorNumber: errno)
    }
    defer { close(descriptor) }
    var hash = StableHash()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 8)
    defer { piece.deallocate() }
    while true {
      var filled = 0
      while filled < piece.count {
        let count = read(descriptor, piece.baseAddress.map { $0 + filled }, piece.count - filled)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw FileError(path: path, action: "read the file", errorNumber: errno)
        }
        if count == 0 { break }
        filled += count
      }
      hash.combine(buffer: UnsafeRawBufferPointer(rebasing: piece[..<filled]))
      if filled < piece.count { return hash.value }
    }
  }

  /// The hash of all that was added.
  public var value: UInt64 { Self.mix(state) }

  /// The hash of a text.
  public static func value(of text: String) -> UInt64 {
    var hash = StableHash()
    hash.combine(text)
    return hash.value
  }

  /// The hash of a text as 16 hexadecimal digits.
  public static func hex(of text: String) -> String { hex(value(of: text)) }

  /// The hash of a file's bytes as 16 hexadecimal digits: whether a file is still the one that was meant.
  public static func hex(ofFile path: String) throws -> String { hex(try value(ofFile: path)) }

  /// A hash as 16 hexadecimal digits.
  public static func hex(_ value: UInt64) -> String {
    String(value, radix: 16).paddedWithZeros(to: 16)
  }

  /// SplitMix64's finisher: every input bit reaches every output bit.
  static func mix(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
