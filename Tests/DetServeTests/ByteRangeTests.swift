import Testing

@testable import DetServe

struct ByteRangeTests {
  @Test(arguments: [
    ("bytes=0-", ByteRange.part(from: 0, count: 10)), ("bytes=2-3", .part(from: 2, count: 2)),
    ("bytes=-3", .part(from: 7, count: 3)), ("bytes=-30", .part(from: 0, count: 10)),
    ("bytes=5-99999999999999999999", .part(from: 5, count: 5)), ("bytes=10-", .unsatisfiable),
    ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
    ("bytes=3-2", .whole), ("bytes=0-1,3-4", .whole), ("bytes=-", .whole), ("bytes=", .whole),
    ("lines=0-1", .whole), ("bytes=+1-2", .whole), ("bytes=a-b", .whole), ("", .whole),
    ("BYTES = 1 - 1", .part(from: 1, count: 1)),
  ])
  func aRangeIsReadAsTheStandardSays(header: String, range: ByteRange) {
    #expect(ByteRange(header, of: 10) == range)
  }
}
