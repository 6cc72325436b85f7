import Testing

@testable import DetBasics

struct TextTests {
  @Test(arguments: [
    ("trails", "trials"), ("frnt", "front"), ("FRONT", "front"), ("repotr", "report"),
    ("stauts", "status"), ("fron", "front"), ("x", nil), ("completely", nil), ("", nil),
  ])
  func theNearestWordIsOneOrTwoSlipsAway(word: String, nearest: String?) {
    let words = ["trials", "front", "report", "status"]
    #expect(Spelling.nearest(to: word, among: words) == nearest)
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1),
    ("kitten", "sitting", 3), ("ab", "ba", 1), ("abcd", "badc", 2),
  ])
  func distanceCountsInsertionsRemovalsReplacementsAndSwaps(
    left: String, right: String, distance: Int
  ) {
    #expect(Spelling.editDistance(Array(left.utf8), Array(right.utf8)) == distance)
  }

  @Test func theHintEndsASentence() {
    #expect(Spelling.hint(for: "trails", among: ["trials"]) == "; did you mean \"trials\"?")
    #expect(Spelling.hint(for: "zebra", among: ["trials"]) == "")
  }

  @Test func numbersStandToTheRightAndNamesToTheLeft() {
    var table = TextTable(["name", "design", "AP", "latency"])
    table.add(["C0", "320x320 | resnet18", "0.2", "9.5 ms"])
    table.add(["C10", "1333x800", "–", "10.25 ms"])
    table.add(["C2"])
    #expect(
      table.text == """
        name  design               AP   latency
        C0    320x320 | resnet18  0.2    9.5 ms
        C10   1333x800              –  10.25 ms
        C2
        """)
  }

  @Test func aTableWithoutRowsIsItsHeader() {
    #expect(TextTable(["a", "b"]).text == "a  b")
  }

  @Test(arguments: [
    (0.0, 2, "0.00"), (1.005, 2, "1.00"), (2.5, 0, "3"), (-0.001, 2, "0.00"), (-1.25, 1, "-1.3"),
    (0.05, 3, "0.050"), (123.456, 1, "123.5"), (1e20, 2, "1e+20"), (.nan, 1, "nan"),
    (-.infinity, 1, "-inf"), (.infinity, 0, "inf"), (999.95, 1, "1000.0"),
  ])
  func decimalsAreFixed(value: Double, decimals: Int, text: String) {
    #expect(value.fixed(decimals) == text)
  }

  @Test func errorsStateOnlyWhatTheyKnow() {
    #expect(FileError(path: "a", problem: "is torn").description == "a: is torn")
    #expect(JSONError(source: "a", problem: "is torn").description == "a: is torn")
    #expect(
      JSONError(source: "a", line: 2, column: 3, path: "b", problem: "c").description
        == "a:2:3: b: c")
  }
}
