extension StringProtocol where SubSequence == Substring {
  /// The text without white space and line breaks at its ends.
  ///
  /// Foundation's `trimmingCharacters` does the same by way of a copy in UTF-16, which readers of many short texts would feel.
  package var trimmed: Substring { trimmed { $0.isBlank } }

  /// The text without characters of a kind at its ends.
  package func trimmed(where isEdge: (Unicode.Scalar) -> Bool) -> Substring {
    let scalars = unicodeScalars
    guard let start = scalars.firstIndex(where: { !isEdge($0) }) else { return self[endIndex...] }
    var end = endIndex
    while end > start {
      let before = scalars.index(before: end)
      guard isEdge(scalars[before]) else { break }
      end = before
    }
    return self[start..<end]
  }
}

extension Unicode.Scalar {
  /// White space by Unicode, and the space without width, which pages and word processors leave in names.
  fileprivate var isBlank: Bool {
    isASCII
      ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace || value == 0x200B
  }
}
