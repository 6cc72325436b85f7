import DetBasics
import Testing

@Suite struct ArrayPartsTests {
  @Test func partsAreFullButForTheLast() {
    #expect([1, 2, 3, 4, 5].parts(of: 2) == [[1, 2], [3, 4], [5]])
    #expect([1, 2, 3, 4].parts(of: 2) == [[1, 2], [3, 4]])
    #expect([1].parts(of: 7) == [[1]])
    #expect([Int]().parts(of: 3).isEmpty)
  }
}
