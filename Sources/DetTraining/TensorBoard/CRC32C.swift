/// The checksum of TFRecord files (CRC-32C, Castagnoli; RFC 3720), masked as they want it.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 1 ? 0x82F6_3B78 ^ (remainder >> 1) : remainder >> 1
    }
  }

  /// The checksum of some bytes: 0xE3069283 of the digits 1 to 9.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var remainder = ~UInt32(0)
    for byte in bytes {
      remainder = (remainder >> 8) ^ table[Int((remainder ^ UInt32(byte)) & 0xFF)]
    }
    return ~remainder
  }

  /// The checksum rotated and shifted by a constant, so that a checksum of data that hold checksums is sound.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = of(bytes)
    return ((sum >> 15) | (sum << 17)) &+ 0xA282_EAD8
  }
}
