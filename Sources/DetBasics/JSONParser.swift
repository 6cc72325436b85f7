import Foundation

/// Reads JSON text into ``JSONNode``s; with `allowsComments` also `//`, `/* */` and trailing commas, with
/// `allowsNonFinite` also the numbers `NaN`, `Infinity` and `-Infinity`, which Python writes.
///
/// Meant for plans, jobs and events. Refuses duplicate keys, lone surrogates, nesting deeper than
/// 256 and anything after the value. Files of many megabytes go through simdjson instead.
struct JSONParser {
  private let bytes: [UInt8]
  private let source: String
  private let allowsComments: Bool
  private let allowsNonFinite: Bool
  private var position = 0
  private var depth = 0
  private static let deepest = 256

  static func parse(
    _ data: Data, source: String, allowsComments: Bool, allowsNonFinite: Bool = false
  ) throws -> JSONNode {
    guard String(data: data, encoding: .utf8) != nil else {
      throw JSONError(source: source, problem: "is not UTF-8 text; save it as UTF-8")
    }
    var parser = JSONParser(
      bytes: [UInt8](data), source: source, allowsComments: allowsComments,
      allowsNonFinite: allowsNonFinite)
    if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    let node = try parser.value()
    try parser.skipSpace()
    guard parser.position == parser.bytes.count else {
      throw parser.error("expected the end of the text after the value")
    }
    return node
  }

  private init(bytes: [UInt8], source: String, allowsComments: Bool, allowsNonFinite: Bool) {
    self.bytes = bytes
    self.source = source
    self.allowsComments = allowsComments
    self.allowsNonFinite = allowsNonFinite
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func place(_ offset: Int) -> (line: Int, column: Int) {
    var line = 1
    var start = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      start = index + 1
    }
    return (line, offset - start + 1)
  }

  private func error(_ problem: String, at offset: Int? = nil) -> JSONError {
    let place = place(offset ?? position)
    return JSONError(source: source, line: place.line, column: place.column, problem: problem)
  }

  private var found: String {
    guard let byte = current else { return "the end of the text" }
    return byte > 32 && byte < 127 ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte \(byte)"
  }

  // MARK: - Values

  private mutating func value() throws -> JSONNode {
    try skipSpace()
    let start = position
    guard let byte = current else { throw error("expected a value, found the end of the text") }
    let value: JSONNode.Value
    switch byte {
    case UInt8(ascii: "{"): value = try nested { try $0.object() }
    case UInt8(ascii: "["): value = try nested { try $0.array() }
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .bool(true))
    case UInt8(ascii: "f"): value = try word("false", .bool(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    default: value = .number(try number())
    }
    let place = lineTracker(start)
    return JSONNode(value: value, line: place.line, column: place.column)
  }

  // Positions are looked up in one pass over the text: offsets only grow between sibling values, but a
  // parent is finished after its children, so the line starts are collected once.
  private lazy var lineStarts: [Int] = {
    [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }()

  private mutating func lineTracker(_ offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return (low + 1, offset - lineStarts[low] + 1)
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws -> JSONNode.Value
  ) throws -> JSONNode.Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw error("nested deeper than \(Self.deepest) levels")
    }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSONNode.Value {
    var members: [JSONNode.Member] = []
    var keys = Set<String>()
    while try !closes(UInt8(ascii: "}"), after: members.count) {
      let start = position
      guard current == UInt8(ascii: "\"") else {
        throw error("expected a key in double quotes, found \(found)")
      }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw error("the key \"\(key)\" stands twice in one object", at: start)
      }
      try skipSpace()
      guard current == UInt8(ascii: ":") else {
        throw error("expected \":\" after the key \"\(key)\", found \(found)")
      }
      position += 1
      members.append(JSONNode.Member(key: key, node: try value()))
    }
    return .object(members)
  }

  private mutating func array() throws -> JSONNode.Value {
    var elements: [JSONNode] = []
    while try !closes(UInt8(ascii: "]"), after: elements.count) { elements.append(try value()) }
    return .array(elements)
  }

  /// Steps over the comma between elements, and over the closing bracket, in which case it is true.
  private mutating func closes(_ bracket: UInt8, after count: Int) throws -> Bool {
    try skipSpace()
    var hasComma = false
    if count > 0, current == UInt8(ascii: ",") {
      position += 1
      hasComma = true
      try skipSpace()
    }
    if current == bracket {
      guard !hasComma || allowsComments else {
        throw error("a comma before the closing bracket; remove it")
      }
      position += 1
      return true
    }
    guard count == 0 || hasComma else {
      throw error(
        "expected \",\" or \"\(Character(UnicodeScalar(bracket)))\", found \(found)")
    }
    return false
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONNode.Value
  ) throws -> JSONNode.Value {
    let end = position + word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { letters in
      end <= bytes.count && bytes[position..<end].elementsEqual(letters)
    }
    guard matches else { throw error("expected \(word)") }
    position = end
    return value
  }

  private mutating func number() throws -> String {
    let start = position
    if allowsNonFinite {
      for word in ["NaN", "Infinity", "-Infinity"] where bytes[start...].starts(with: word.utf8) {
        position += word.utf8.count
        return word
      }
    }
    if current == UInt8(ascii: "-") { position += 1 }
    let whole = try digits(from: start)
    guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
      throw error("a number starts with 0; remove the leading zero", at: start)
    }
    if current == UInt8(ascii: ".") {
      position += 1
      _ = try digits(from: start)
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      _ = try digits(from: start)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(from start: Int) throws -> Int {
    let first = position
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > first else {
      throw error(start == first ? "expected a value, found \(found)" : "a digit is missing here")
    }
    return position - first
  }

  // MARK: - Strings

  private mutating func string() throws -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
      case 0..<32:
        throw error("a control character inside a text; write it as \\u00..", at: position - 1)
      default: text.append(byte)
      }
    }
    throw error("the text that starts here has no closing quote", at: start)
  }

  private mutating func escape() throws -> [UInt8] {
    let start = position - 1
    guard let byte = current else { throw error("the text ends inside an escape", at: start) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return Array(String(try unicodeScalar(start)).utf8)
    default: throw error("an unknown escape in a text", at: start)
    }
  }

  private mutating func unicodeScalar(_ start: Int) throws -> Character {
    let first = try hexadecimal(start)
    var code = UInt32(first)
    if (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\"),
      position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      let second = try hexadecimal(start)
      guard (0xDC00..<0xE000).contains(second) else {
        throw error("half of a surrogate pair in a text", at: start)
      }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    }
    guard let scalar = UnicodeScalar(code) else {
      throw error("half of a surrogate pair in a text", at: start)
    }
    return Character(scalar)
  }

  private mutating func hexadecimal(_ start: Int) throws -> UInt16 {
    let end = position + 4
    guard end <= bytes.count,
      let code = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
    else { throw error("\\u needs four hexadecimal digits", at: start) }
    position = end
    return code
  }

  // MARK: - Space

  private mutating func skipSpace() throws {
    while let byte = current {
      switch byte {
      case 32, 9, 10, 13: position += 1
      case UInt8(ascii: "/") where allowsComments: try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws {
    let start = position
    let kind = position + 1 < bytes.count ? bytes[position + 1] : 0
    if kind == UInt8(ascii: "/") {
      while let byte = current, byte != UInt8(ascii: "\n") { _ = byte; position += 1 }
      return
    }
    guard kind == UInt8(ascii: "*") else { throw error("expected a comment after \"/\"") }
    position += 2
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
        position += 2
        return
      }
      position += 1
    }
    throw error("the comment that starts here has no end", at: start)
  }
}
