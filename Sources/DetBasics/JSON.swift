public import Foundation

/// JSON as this project reads and writes it: read strictly, written with sorted keys.
///
/// ```swift
/// let plan = try JSON.decode(Plan.self, from: data, source: "plan.json", allowsComments: true)
/// let text = try JSON.text(plan)  // canonical: sorted keys, no spaces
/// ```
public enum JSON {
  /// Decodes a value; an unknown key, a missing key or a wrong kind is an error with place and cure.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, source: String, allowsComments: Bool = false
  ) throws -> Value {
    let node = try JSONParser.parse(data, source: source, allowsComments: allowsComments)
    return try decode(type, from: node, source: source)
  }

  /// Decodes a value from a text.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, source: String, allowsComments: Bool = false
  ) throws -> Value {
    try decode(type, from: Data(text.utf8), source: source, allowsComments: allowsComments)
  }

  /// Decodes a value from a file.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, file path: String, allowsComments: Bool = false
  ) throws -> Value {
    try decode(type, from: Files.bytes(path), source: path, allowsComments: allowsComments)
  }

  /// Decodes a value from a parsed text, or from a part of it, to which `keys` lead.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from node: JSONNode, at keys: [String] = [], source: String
  ) throws -> Value {
    let ledger = StrictDecoder.Ledger(source: source)
    let keys = keys.map { SettingKey($0) }
    let result = Result {
      try Value(from: StrictDecoder(node: node, codingPath: keys, ledger: ledger))
    }
    // A misspelt key often shows first as a missing one: the unknown key is the better message.
    if let unknown = ledger.unknownKeyError { throw unknown }
    do {
      return try result.get()
    } catch let DecodingError.dataCorrupted(context) {
      throw JSONError(
        source: source, line: node.line, column: node.column,
        path: StrictDecoder.path(context.codingPath), problem: context.debugDescription)
    }
  }

  /// Decodes a value from one that was read before its type was known; its errors name no line.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from value: JSONValue, source: String
  ) throws -> Value {
    try decode(type, from: JSONNode(value), source: source)
  }

  /// Parses a text without giving it a type.
  public static func parse(
    _ data: Data, source: String, allowsComments: Bool = false
  ) throws -> JSONNode {
    try JSONParser.parse(data, source: source, allowsComments: allowsComments)
  }

  /// Parses a text in which numbers may be `NaN` or infinite, as Python writes them.
  package static func parseWithNonFinite(_ data: Data, source: String) throws -> JSONNode {
    try JSONParser.parse(data, source: source, allowsComments: false, allowsNonFinite: true)
  }

  /// Encodes with sorted keys; a number that is not finite is an error.
  public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value)
  }

  /// The value as one whose type is forgotten, to pass through a module that does not know it.
  public static func value(_ value: some Encodable) throws -> JSONValue {
    try decode(JSONValue.self, from: encode(value), source: "value")
  }

  /// Encodes as text with sorted keys.
  public static func text(_ value: some Encodable, pretty: Bool = false) throws -> String {
    String(decoding: try encode(value, pretty: pretty), as: UTF8.self)
  }
}
