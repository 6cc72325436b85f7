import Testing

@testable import DetBasics

struct TextTests {
  @Test(arguments: [
    ("runs/a-b_1.txt", "runs/a-b_1.txt"), ("my run/it's", "'my run/it'\\''s'"), ("", "''"),
    ("\"$HOME\"", "'\"$HOME\"'"),
  ])
  func wordsReachTheShellAsTheyAre(word: String, written: String) throws {
    #expect(word.quotedForShell == written)
    let said = try ProgramOutput.of(["sh", "-c", "printf %s \(word.quotedForShell)"])
    #expect(said == word)
  }

  @Test func digitsAreFilledUpAndNeverCut() {
    #expect("7".paddedWithZeros(to: 3) == "007" && "1234".paddedWithZeros(to: 3) == "1234")
  }

  @Test func aProgramSaysHowItEndedAndWhatItSaid() throws {
    let end = try ProgramOutput.end(
      of: ["sh", "-c", "echo \"$WORD\"; echo no >&2; exit 3"],
      environment: ["WORD": "yes", "PATH": "/usr/bin:/bin"], takesErrors: true)
    #expect(end.status == 3 && end.output == "yes\n" && end.errors == "no\n")
    #expect(try ProgramOutput.end(of: ["sh", "-c", "kill -9 $$"]).status == 137)
    #expect(throws: FileError.self) { try ProgramOutput.of(["sh", "-c", "exit 1"]) }
  }

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

  /// The distance by its definition, over the whole table.
  private func plainDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var table = [[Int]](repeating: Array(0...right.count), count: left.count + 1)
    for row in 1..<(left.count + 1) {
      table[row][0] = row
      for column in 1..<(right.count + 1) {
        let isSame = left[row - 1] == right[column - 1]
        table[row][column] = min(
          table[row - 1][column - 1] + (isSame ? 0 : 1), table[row - 1][column] + 1,
          table[row][column - 1] + 1)
        guard row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        else { continue }
        table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
      }
    }
    return table[left.count][right.count]
  }

  @Test func stoppingEarlyFindsWhatTheDefinitionFinds() {
    var generator = Generator(seed: 5)
    func word() -> String {
      // Few letters, so that words are near each other; some upper case, some beyond ASCII.
      let letters = (0..<(1 + generator.index(below: 12))).map { _ in
        ["a", "b", "c", "A", "B", "é", "É"][generator.index(below: 7)]
      }
      return letters.joined()
    }
    var found = 0
    for _ in 0..<5000 {
      let wanted = word()
      let candidates = (0..<6).map { _ in word() }
      let bytes = Array(wanted.lowercased().utf8)
      let distances = candidates.map { plainDistance(bytes, Array($0.lowercased().utf8)) }
      for (candidate, distance) in zip(candidates, distances) {
        #expect(Spelling.editDistance(bytes, Array(candidate.lowercased().utf8)) == distance)
      }
      let least = distances.min() ?? 0
      let isNear = least <= max(1, bytes.count / 3)
      let nearest = isNear ? distances.firstIndex(of: least).map { candidates[$0] } : nil
      #expect(Spelling.nearest(to: wanted, among: candidates) == nearest)
      found += isNear ? 1 : 0
    }
    #expect((400...4000).contains(found))
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
