import DetBasics
import TestSupport
import Testing

struct FileHashTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func itIsThatOfTheContent() throws {
    let one = try StableHash.hex(ofFile: folder.write("a", "abc"))
    #expect(one.count == 16)
    #expect(try StableHash.hex(ofFile: folder.write("b", "abc")) == one)
    #expect(try StableHash.hex(ofFile: folder.write("a", "abd")) != one)
    #expect(try StableHash.hex(ofFile: folder.write("a", "ab")) != one)
    #expect(
      thrown { try StableHash.hex(ofFile: folder.file("c")) }.hasSuffix(
        "no such file; check the path"))
  }
}
