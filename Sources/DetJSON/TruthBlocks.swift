package import CJSON

/// Part of one list of a truth file, with its odd elements, for each of which an empty row stands in the shim's block.
package struct TruthBlock {
  /// The lists of a truth file.
  package enum List: Int32, CaseIterable, Sendable {
    /// `images`
    case images = 1
    /// `categories`
    case categories = 2
    /// `annotations`
    case annotations = 3

    /// The key.
    package var key: String { "\(self)" }
  }

  /// The columns; they last for one call.
  package let columns: CJSONTruthBlock
  /// Which list.
  package let list: List
  /// In the order of their rows.
  package let odd: [OddElement]

  /// Calls `plain` for each row and `odd` for each element that a row stands for.
  package func forEachRow(
    plain: (Int) throws -> Void, odd handle: (OddElement) throws -> Void
  ) rethrows {
    var next = 0
    for row in 0..<columns.count {
      if next < odd.count, odd[next].row == row {
        try handle(odd[next])
        next += 1
      } else {
        try plain(row)
      }
    }
  }
}

extension JSONSource {
  /// Hands the lists of a COCO truth file over in blocks, in the order of the file; a block lasts for one call.
  ///
  /// - Returns: the lists that the file does not have.
  package func forEachTruthBlock(
    threads: Int, _ body: (TruthBlock) throws -> Void
  ) throws -> [TruthBlock.List] {
    try withShim { shim in
      var failure = CJSONFailure()
      var reader: OpaquePointer?
      guard cjson_truth_open(&shim, Int32(clamping: threads), &reader, &failure) else {
        throw error(failure)
      }
      defer { cjson_truth_close(reader) }
      var rows: [TruthBlock.List: Int] = [:]
      while true {
        var block = CJSONTruthBlock()
        guard cjson_truth_next(reader, &block, &failure) else { throw error(failure) }
        guard block.count > 0, let list = TruthBlock.List(rawValue: block.kind) else {
          return TruthBlock.List.allCases.filter { block.missing & (1 << $0.rawValue) != 0 }
        }
        let first = rows[list, default: 0]
        let odd = try UnsafeBufferPointer(start: block.odd, count: block.oddCount).map { odd in
          try element(odd, in: list.key, after: first) {
            cjson_truth_locate(reader, $0, &$1, &$2, &$3)
          }
        }
        try body(TruthBlock(columns: block, list: list, odd: odd))
        rows[list] = first + block.count
      }
    }
  }

  /// The element as a value of its own, `first` being the number of elements of the list before its block.
  package func element(
    _ odd: CJSONOddElement, in list: String, after first: Int,
    locate: (Int64, inout Int64, inout Int64, inout CJSONFailure) -> Bool
  ) throws -> OddElement {
    var failure = CJSONFailure()
    var line: Int64 = 0
    var column: Int64 = 0
    guard locate(odd.offset, &line, &column, &failure) else { throw error(failure) }
    let key = odd.key.map {
      String(decoding: UnsafeRawBufferPointer(start: $0, count: odd.keyCount), as: UTF8.self)
    }
    return OddElement(
      row: Int(odd.row), path: "\(list)[\(first + Int(odd.row))]", key: key, source: name,
      text: UnsafeRawBufferPointer(start: odd.text, count: odd.count), line: Int(line),
      column: Int(column))
  }
}

extension CJSONTruthBlock {
  /// Text `place` of the block's texts, which lie end to end.
  package func text(_ place: Int) -> String {
    let start = place == 0 ? 0 : Int(textEnds[place - 1])
    let end = Int(textEnds[place])
    guard end > start, let text else { return "" }
    let bytes = UnsafeRawBufferPointer(start: text + start, count: end - start)
    return String(decoding: bytes, as: UTF8.self)
  }
}
