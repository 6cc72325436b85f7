/// Checksums of 32 bits over bytes by the remainder of a division, eight bytes at a time.
package struct CRC32: Sendable {
  /// That of zip and PNG files (ISO 3309): 0xCBF43926 of the digits 1 to 9.
  package static let iso = CRC32(reversed: 0xEDB8_8320)
  /// That of TFRecord files (Castagnoli; RFC 3720): 0xE3069283 of the digits 1 to 9.
  package static let castagnoli = CRC32(reversed: 0x82F6_3B78)

  /// Table `k` of the eight holds what a byte does to the remainder `k` bytes later.
  private let tables: [UInt32]

  /// Divides by a polynomial, the highest power in the lowest bit.
  private init(reversed polynomial: UInt32) {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { remainder, _ in
        remainder & 1 == 1 ? polynomial ^ (remainder >> 1) : remainder >> 1
      }
    }
    for place in 256..<tables.count {
      let before = tables[place - 256]
      tables[place] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    self.tables = tables
  }

  /// The checksum of some bytes.
  package func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var remainder = ~UInt32(0)
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        remainder = Self.step(word ^ UInt64(remainder), tables)
        place += 8
      }
      for byte in bytes[place...] {
        remainder = (remainder >> 8) ^ tables[Int((remainder ^ UInt32(byte)) & 0xFF)]
      }
      return ~remainder
    }
  }

  private static func step(_ word: UInt64, _ tables: UnsafeBufferPointer<UInt32>) -> UInt32 {
    var result: UInt32 = 0
    for place in 0..<8 {
      let byte = Int(truncatingIfNeeded: word >> UInt64(8 * place)) & 0xFF
      result ^= tables[(7 - place) * 256 + byte]
    }
    return result
  }
}
