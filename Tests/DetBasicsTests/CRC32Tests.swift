import DetBasics
import Testing

struct CRC32Tests {
  private func checksum(_ kind: CRC32, _ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { kind.of($0) }
  }

  @Test func theCheckValuesAreThoseOfTheStandards() {
    let digits = Array("123456789".utf8)
    #expect(checksum(.iso, digits) == 0xCBF4_3926)
    #expect(checksum(.castagnoli, digits) == 0xE306_9283)
    // RFC 3720, appendix B.4.
    #expect(checksum(.castagnoli, [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(checksum(.castagnoli, [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(checksum(.iso, []) == 0)
  }
}
