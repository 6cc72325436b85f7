import DetBasics
import TestSupport
import Testing

struct FileFingerprintTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func itIsThatOfTheContent() throws {
    let one = try FileFingerprint.of(folder.write("a", "abc"))
    #expect(one.count == 16)
    #expect(try FileFingerprint.of(folder.write("b", "abc")) == one)
    #expect(try FileFingerprint.of(folder.write("a", "abd")) != one)
    #expect(try FileFingerprint.of(folder.write("a", "ab")) != one)
    #expect(
      thrown { try FileFingerprint.of(folder.file("c")) }.hasSuffix(
        "check the path and permissions"))
  }
}
