/// What a Range header asks for (RFC 9110, section 14).
enum ByteRange: Equatable {
  /// Everything: the header is none of ours, wrong, or asks for several parts, which need not be granted.
  case whole
  case part(from: Int, count: Int)
  /// Nothing of what is asked for is there.
  case unsatisfiable

  init(_ header: String, of total: Int) {
    let text = header.filter { $0 != " " && $0 != "\t" }.lowercased()
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    let areNumbers = ends.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard text.hasPrefix("bytes="), ends.count == 2, areNumbers else {
      self = .whole
      return
    }
    // A number too large for us is beyond every content.
    let numbers = ends.map { $0.isEmpty ? nil : Int($0) ?? .max }
    self =
      switch (numbers[0], numbers[1]) {
      case (nil, nil): .whole
      case (nil, let suffix?): Self.last(suffix, of: total)
      case (let first?, let last?) where last < first: .whole
      case (let first?, let last): Self.from(first, to: last ?? .max, of: total)
      }
  }

  private static func last(_ suffix: Int, of total: Int) -> ByteRange {
    let count = min(suffix, total)
    return count > 0 ? .part(from: total - count, count: count) : .unsatisfiable
  }

  private static func from(_ first: Int, to last: Int, of total: Int) -> ByteRange {
    first < total
      ? .part(from: first, count: min(last, total - 1) - first + 1) : .unsatisfiable
  }
}
