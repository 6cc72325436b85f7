/// Decodes ``JSONNode``s into Codable types and refuses every key the type does not know.
struct StrictDecoder: Decoder {
  /// What is gathered over one whole decoding: unknown keys, and the keys each object was asked for.
  final class Ledger {
    struct Unknown {
      let key: String
      let node: JSONNode
      let path: String
    }

    let source: String
    private var unknown: [Unknown] = []
    private var askedFor: [String: Set<String>] = [:]

    init(source: String) { self.source = source }

    func noteUnknown(_ key: String, _ node: JSONNode, path: String) {
      unknown.append(Unknown(key: key, node: node, path: path))
    }

    /// Notes a key that is known, for the error of one that is not: without such a one nobody asks.
    func noteAskedFor(_ key: String, path: @autoclosure () -> String) {
      if !unknown.isEmpty { askedFor[path(), default: []].insert(key) }
    }

    var unknownKeyError: JSONError? {
      guard let first = unknown.first else { return nil }
      let known = (askedFor[first.path] ?? []).sorted()
      let hint = Spelling.hint(for: first.key, among: known)
      let list = known.isEmpty ? "" : "; known keys: \(known.joined(separator: ", "))"
      return JSONError(
        source: source, line: first.node.line, column: first.node.column, path: first.path,
        problem: "unknown key \"\(first.key)\"" + (hint.isEmpty ? list : hint))
    }
  }

  let node: JSONNode
  let codingPath: [any CodingKey]
  let ledger: Ledger
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  /// Where the value stands, in words; put together for errors alone.
  var path: String { Self.path(codingPath) }

  static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
  }

  func error(_ problem: String) -> JSONError {
    JSONError(
      source: ledger.source, line: node.line, column: node.column, path: path, problem: problem)
  }

  /// An error at the place of a value below this one, as near as the text has it; the keys are of the problem's words.
  func error(_ problem: String, below keys: [String]) -> JSONError {
    var place = node
    for key in keys {
      guard let next = place[key] else { break }
      place = next
    }
    return JSONError(
      source: ledger.source, line: place.line, column: place.column, path: path, problem: problem)
  }

  /// Notes the keys of an object that are none of those known; an error names the nearest of these.
  func noteKeys(known: [String]) {
    guard case .object(let members) = node.value else { return }
    for member in members where !known.contains(member.key) {
      ledger.noteUnknown(member.key, member.node, path: path)
    }
    for name in known { ledger.noteAskedFor(name, path: path) }
  }

  func child(_ key: any CodingKey, _ node: JSONNode) -> StrictDecoder {
    StrictDecoder(node: node, codingPath: codingPath + [key], ledger: ledger)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = node.value else {
      throw error("expected an object, found \(node.kind)")
    }
    for member in members where Key(stringValue: member.key) == nil {
      ledger.noteUnknown(member.key, member.node, path: path)
    }
    return KeyedDecodingContainer(StrictKeyedContainer<Key>(decoder: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = node.value else {
      throw error("expected a list, found \(node.kind)")
    }
    return StrictUnkeyedContainer(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    StrictSingleContainer(decoder: self)
  }

  // MARK: - Scalars

  func bool() throws -> Bool {
    guard case .bool(let value) = node.value else {
      throw error("expected true or false, found \(node.kind)")
    }
    return value
  }

  func string() throws -> String {
    guard case .string(let text) = node.value else {
      throw error("expected a text, found \(node.kind)")
    }
    return text
  }

  func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
    guard case .number(let spelling) = node.value else {
      throw error("expected a whole number, found \(node.kind)")
    }
    if let value = Integer(spelling) { return value }
    guard let value = Double(spelling), let exact = Integer(exactly: value) else {
      throw error(
        "expected a whole number from \(Integer.min) to \(Integer.max), found \(spelling)")
    }
    return exact
  }

  func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: Number.Type
  ) throws -> Number {
    guard case .number(let spelling) = node.value else {
      throw error("expected a number, found \(node.kind)")
    }
    guard let value = Number(spelling), value.isFinite else {
      throw error("the number \(spelling) is too large")
    }
    return value
  }

  /// Numbers by name, as results are kept, of which a run has tens of thousands: the standard library's way takes several times as long.
  func numbersByName() throws -> [String: Double] {
    guard case .object(let members) = node.value else {
      throw error("expected an object, found \(node.kind)")
    }
    var numbers = [String: Double](minimumCapacity: members.count)
    for member in members {
      numbers[member.key] = try child(SettingKey(member.key), member.node).number(Double.self)
    }
    return numbers
  }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == [String: Double].self, let numbers = try numbersByName() as? Value { return numbers }
    do {
      return try Value(from: self)
    } catch let DecodingError.dataCorrupted(context) {
      // An enum of texts (`RawRepresentable`) speaks through this error; give it this value's place.
      throw error(context.debugDescription)
    }
  }
}
