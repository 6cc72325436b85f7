/// Finds the word somebody meant.
public enum Spelling {
  /// The candidate nearest to `word` when it is near enough to be a slip of the keyboard, else nil.
  ///
  /// ```swift
  /// Spelling.nearest(to: "trails", among: ["trials", "front"])  // "trials"
  /// ```
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    var wanted: [UInt8] = []
    fold(word, into: &wanted)
    var allowed = max(1, wanted.count / 3)
    var best: String?
    var letters: [UInt8] = []
    var rows: [Int] = []
    for candidate in candidates {
      fold(candidate, into: &letters)
      guard
        let distance = editDistance(wanted, letters, atMost: allowed, rows: &rows)
      else { continue }
      best = candidate
      if distance == 0 { break }
      // Of equally near candidates the first is taken.
      allowed = distance - 1
    }
    return best
  }

  /// `; did you mean "…"?` or nothing, ready to end an error message.
  public static func hint(for word: String, among candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// The bytes of a word in lower case.
  private static func fold(_ word: String, into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    var word = word
    word.withUTF8 { bytes.append(contentsOf: $0) }
    var union: UInt8 = 0
    bytes.withUnsafeMutableBufferPointer { letters in
      for index in letters.indices {
        let letter = letters[index]
        union |= letter
        letters[index] = letter &- 0x41 < 26 ? letter | 0x20 : letter
      }
    }
    if union >= 0x80 { bytes = Array(word.lowercased().utf8) }
  }

  /// The number of insertions, removals, replacements and swaps of neighbours between two words.
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows: [Int] = []
    let most = max(left.count, right.count)
    return editDistance(left, right, atMost: most, rows: &rows) ?? most
  }

  /// The distance when it is at most `limit`, else nil, mostly long before both words are gone through.
  ///
  /// `rows` is room that calls share: three rows of the table of distances between the words' beginnings. Only cells
  /// at most `limit` off the diagonal can be within it; those beside them count as beyond.
  private static func editDistance(
    _ left: [UInt8], _ right: [UInt8], atMost limit: Int, rows: inout [Int]
  ) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
    let width = right.count + 1
    if rows.count < 3 * width { rows = Array(repeating: 0, count: 3 * width) }
    for column in 0..<width { rows[column] = column }
    var (beforePrevious, previous, current) = (2 * width, 0, width)
    var least = 0
    for row in left.indices {
      let first = max(0, row - limit)
      let end = min(right.count, row + limit + 1)
      rows[current + first] = first == 0 ? row + 1 : limit + 1
      var leastHere = rows[current + first]
      for column in first..<end {
        let isSame = left[row] == right[column]
        var cost = min(rows[previous + column] + (isSame ? 0 : 1), rows[previous + column + 1] + 1)
        cost = min(cost, rows[current + column] + 1)
        let isSwap =
          row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
        if isSwap { cost = min(cost, rows[beforePrevious + column - 1] + 1) }
        rows[current + column + 1] = cost
        leastHere = min(leastHere, cost)
      }
      if end < right.count { rows[current + end + 1] = limit + 1 }
      // A swap reaches over a row, at a cost of one.
      guard leastHere <= limit || least < limit else { return nil }
      least = leastHere
      (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    let distance = rows[previous + right.count]
    return distance <= limit ? distance : nil
  }
}
