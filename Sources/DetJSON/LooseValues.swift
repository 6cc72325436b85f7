package import DetBasics

/// Reads the values of one odd element by their meaning, and notes each that is written in an unusual way.
package struct LooseValues {
  /// The element.
  package let element: OddElement
  /// What stands there: an object.
  package let node: JSONNode
  /// What was unusual.
  package private(set) var readings: [LooseReading] = []

  /// The values of an element, which must be an object, with each key once and without numbers that are none.
  package init(_ element: OddElement) throws {
    self.element = element
    node = try element.content()
    guard case .object = node.value else {
      throw element.fault(
        "", at: node, "expected an object in curly brackets, found \(Self.found(node))",
        cure: "remove it from the list")
    }
  }

  /// The value of a key; nil when there is none, or null.
  package func value(_ key: String) -> JSONNode? {
    guard let node = node[key] else { return nil }
    if case .null = node.value { return nil }
    return node
  }

  /// Whether the key is there with null.
  package func isNull(_ key: String) -> Bool {
    guard let node = node[key], case .null = node.value else { return false }
    return true
  }

  /// Notes that a value was read in another way than it is written.
  package mutating func note(_ kind: LooseReading.Kind, _ key: String, _ detail: String) {
    readings.append(LooseReading(kind: kind, key: key, detail: detail))
  }

  // MARK: - Values

  /// A finite number, also as text.
  package mutating func number(
    _ node: JSONNode, _ key: String, cure: String, noting isNoted: Bool = true
  ) throws -> Double {
    let (spelling, isText) = Self.spelling(node)
    guard let spelling, let number = Double(spelling), number.isFinite else {
      throw element.fault(
        key, at: node, "expected a finite number, found \(Self.found(node))", cure: cure)
    }
    if isText, isNoted { note(.value, key, "the text \"\(spelling)\" is read as a number") }
    return number
  }

  /// A whole number, also as text or with a point; nil when it is neither.
  package mutating func whole(_ node: JSONNode, _ key: String) throws -> Int64? {
    let (spelling, isText) = Self.spelling(node)
    guard let spelling, let number = Self.whole(spelling) else { return nil }
    if isText { note(.value, key, "the text \"\(spelling)\" is read as a number") }
    return number
  }

  /// An id: a whole number, also as text; a text that is no number has the number that belongs to it in every file.
  package mutating func id(_ key: String, cure: String) throws -> Int64? {
    guard let node = value(key) else { return key == "id" ? idOfKey() : nil }
    if let number = try whole(node, key) { return number }
    if case .string(let text) = node.value, !text.isEmpty { return id(ofText: text, key) }
    throw element.fault(
      key, at: node, "expected a whole number, found \(Self.found(node))\(Self.tooLong(node))",
      cure: cure)
  }

  /// The id that an object in the place of a list gives its element.
  mutating func idOfKey() -> Int64? {
    guard let key = element.key, !key.isEmpty else { return nil }
    return Self.whole(key) ?? id(ofText: key, "id")
  }

  private mutating func id(ofText text: String, _ key: String) -> Int64 {
    // 52 bits: every tool reads such a number without loss.
    let number = Int64(StableHash.value(of: text) & ((1 << 52) - 1)) + 1
    note(.id, key, "the text \"\(text.prefix(80))\" is read as the id \(number)")
    return number
  }

  /// A flag: 0 or 1, true or false, also as text; null and no key are false.
  package mutating func flag(_ key: String) throws -> Bool? { try flag(of: node[key], key) }

  /// The same of a value, nil where there is none.
  package mutating func flag(of node: JSONNode?, _ key: String) throws -> Bool? {
    guard let node else { return nil }
    switch node.value {
    case .bool(let flag): return flag
    case .null:
      note(.value, key, "null is read as 0")
      return nil
    default: break
    }
    let (spelling, isText) = Self.spelling(node)
    switch spelling?.lowercased() ?? Self.text(node)?.lowercased() {
    case "0", "0.0", "false", "no":
      if isText || spelling != "0" { note(.value, key, "\(Self.found(node)) is read as 0") }
      return false
    case "1", "1.0", "true", "yes":
      if isText || spelling != "1" { note(.value, key, "\(Self.found(node)) is read as 1") }
      return true
    default:
      throw element.fault(
        key, at: node, "expected 0 or 1, found \(Self.found(node))", cure: "write 0 or 1")
    }
  }

  /// A text; a number stands for its spelling, null and no key for nothing.
  package mutating func text(_ key: String, cure: String) throws -> String {
    guard let node = value(key) else { return "" }
    if case .string(let text) = node.value { return text }
    if case .number(let spelling) = node.value, Double(spelling)?.isFinite == true {
      note(.value, key, "the number \(spelling) is read as a text")
      return spelling
    }
    throw element.fault(key, at: node, "expected a text, found \(Self.found(node))", cure: cure)
  }

  /// Refuses a key that stands there with a number that is none, whoever asks for it: it is no JSON.
  package func refuseNonFinite() throws {
    guard case .object(let members) = node.value else { return }
    for member in members {
      guard let (path, node) = Self.nonFinite(member.node, member.key) else { continue }
      throw element.fault(
        path, at: node, "expected a value, found \(Self.found(node)), which is no JSON",
        cure: "write a number, or null")
    }
  }

  // MARK: - Words

  /// What stands there, in words.
  package static func found(_ node: JSONNode) -> String {
    switch node.value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let spelling): String(spelling.prefix(40))
    case .string(let text): "the text \"\(text.prefix(40))\""
    case .array: "a list"
    case .object: "an object"
    }
  }

  private static func tooLong(_ node: JSONNode) -> String {
    guard case .number(let spelling) = node.value,
      !spelling.contains(where: { ".eE".contains($0) }),
      Int64(spelling) == nil, Double(spelling)?.isFinite == true
    else { return "" }
    return ", which needs more than 64 bits"
  }

  private static func text(_ node: JSONNode) -> String? {
    guard case .string(let text) = node.value else { return nil }
    return text
  }

  /// The spelling of a number, also of one that is the whole of a text.
  private static func spelling(_ node: JSONNode) -> (String?, isText: Bool) {
    switch node.value {
    case .number(let spelling): return (spelling, false)
    case .string(let text):
      let spelling = text.filter { !$0.isWhitespace }
      let isNumber =
        spelling.allSatisfy { "0123456789.eE+-".contains($0) } && Double(spelling) != nil
      return (isNumber ? spelling : nil, true)
    default: return (nil, false)
    }
  }

  private static func whole(_ spelling: String) -> Int64? {
    if let number = Int64(spelling) { return number }
    guard spelling.contains(where: { ".eE".contains($0) }), let number = Double(spelling),
      number == number.rounded(), abs(number) <= 9_007_199_254_740_992
    else { return nil }
    return Int64(number)
  }

  private static func nonFinite(_ node: JSONNode, _ path: String) -> (String, JSONNode)? {
    switch node.value {
    case .number(let spelling) where spelling.hasSuffix("N") || spelling.hasSuffix("y"):
      return (path, node)
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        if let found = nonFinite(element, "\(path)[\(index)]") { return found }
      }
    case .object(let members):
      for member in members {
        if let found = nonFinite(member.node, "\(path).\(member.key)") { return found }
      }
    default: break
    }
    return nil
  }
}
