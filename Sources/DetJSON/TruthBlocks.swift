package import CJSON

extension JSONSource {
  /// Hands the lists of a COCO truth file over in blocks, in the order of the file; a block lasts for one call.
  package func forEachTruthBlock(
    threads: Int, _ body: (CJSONTruthBlock) throws -> Void
  ) throws {
    try withShim { shim in
      var failure = CJSONFailure()
      var reader: OpaquePointer?
      guard cjson_truth_open(&shim, Int32(clamping: threads), &reader, &failure) else {
        throw error(failure)
      }
      defer { cjson_truth_close(reader) }
      while true {
        var block = CJSONTruthBlock()
        guard cjson_truth_next(reader, &block, &failure) else { throw error(failure) }
        if block.count == 0 { return }
        try body(block)
      }
    }
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
