/// The bytes of a pickle, read from front to back; nothing is read behind their end.
struct PickleBytes {
  private let bytes: UnsafeRawBufferPointer
  private let source: String
  /// The byte that comes next.
  private(set) var place: Int

  init(_ bytes: UnsafeRawBufferPointer, at place: Int, source: String) {
    self.bytes = bytes
    self.source = source
    self.place = place
  }

  private func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }

  private var isCut: TensorError {
    error(
      "ends in the middle of its pickle, after \(bytes.count) bytes; it was cut off: copy it again")
  }

  mutating func byte() throws -> UInt8 {
    guard place < bytes.count else { throw isCut }
    place += 1
    return bytes[place - 1]
  }

  /// A little-endian number of up to eight bytes.
  mutating func number(_ width: Int) throws -> UInt64 {
    guard width <= bytes.count - place else { throw isCut }
    var value: UInt64 = 0
    for offset in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + offset]) }
    place += width
    return value
  }

  /// A whole number of `width` bytes in two's complement.
  mutating func whole(width: Int) throws -> PickleValue {
    guard width <= 8 else {
      guard width <= bytes.count - place else { throw isCut }
      place += width
      return .large
    }
    let value = try number(width)
    let unused = UInt64(64 - 8 * width)
    return .whole(width == 0 ? 0 : Int(Int64(bitPattern: value << unused) >> Int64(unused)))
  }

  /// Where the bytes lie whose length comes first.
  mutating func piece(lengthWidth: Int) throws -> Range<Int> {
    let length = try number(lengthWidth)
    guard length <= UInt64(bytes.count - place) else {
      throw error(
        "has a text of \(length) bytes at byte \(place) of \(bytes.count); it was cut off: copy it again"
      )
    }
    place += Int(length)
    return place - Int(length)..<place
  }

  /// The text at a place; nil when it is no UTF-8.
  func text(_ range: Range<Int>) -> String? { String(validating: bytes[range], as: UTF8.self) }

  /// Where the rest of the line lies, whose end is passed.
  private mutating func lineRange() throws -> Range<Int> {
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw error("has a name without end at byte \(place) of its pickle")
    }
    let range = place..<end
    place = end + 1
    return range
  }

  mutating func line() throws -> String {
    let range = try lineRange()
    guard let text = text(range) else {
      throw error("has a name that is no UTF-8 at byte \(range.lowerBound) of its pickle")
    }
    return text
  }

  /// A line of text in which a byte is the character of its number, and others stand as `\uXXXX`.
  mutating func escapedLine() throws -> String {
    var rest = bytes[try lineRange()]
    var text = String.UnicodeScalarView()
    while let byte = rest.popFirst() {
      let digits = byte != UInt8(ascii: "\\") ? 0 : Self.escapeDigits[rest.first ?? 0] ?? 0
      let number = UInt32(
        String(decoding: rest.dropFirst().prefix(digits), as: UTF8.self), radix: 16)
      if digits > 0, let scalar = number.flatMap({ Unicode.Scalar($0) }) {
        text.append(scalar)
        rest = rest.dropFirst(1 + digits)
      } else {
        text.append(Unicode.Scalar(byte))
      }
    }
    return String(text)
  }

  /// How many hexadecimal digits come behind a backslash and a letter.
  private static let escapeDigits: [UInt8: Int] = [UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]

  /// The bytes of a line that Python wrote as a text in quotation marks, with escapes.
  mutating func quotedLine() throws -> [UInt8] {
    let range = try lineRange()
    let quote = bytes[range].first
    guard range.count >= 2, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
      bytes[range].last == quote
    else { throw error("has a text without quotation marks at byte \(range.lowerBound)") }
    return Self.unescaped(bytes[range.dropFirst().dropLast()])
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "\\"): 92,
    UInt8(ascii: "'"): 39, UInt8(ascii: "\""): 34,
  ]

  private static func unescaped(_ text: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        result.append(byte)
        continue
      }
      if let meant = escapes[next] {
        result.append(meant)
        rest = rest.dropFirst()
      } else if next == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      {
        result.append(value)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
