internal import Foundation

/// The checksum of zip files (CRC-32, ISO 3309), eight bytes at a time.
enum CRC32 {
  /// Table `k` of the eight holds what a byte does to the remainder `k` bytes later.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 1 ? 0xEDB8_8320 ^ (remainder >> 1) : remainder >> 1
      }
      tables[byte] = remainder
    }
    for place in 256..<tables.count {
      let before = tables[place - 256]
      tables[place] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The checksum of some bytes.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var remainder = ~UInt32(0)
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        remainder = step(word ^ UInt64(remainder), tables)
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

  /// The checksum of a part of a file.
  static func of(_ data: Data, _ range: Range<Int>) -> UInt32 {
    data.withUnsafeBytes { of(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
