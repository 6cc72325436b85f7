/// A parsed JSON value that remembers where in the text it stood.
public struct JSONNode: Sendable {
  /// What the value is; numbers keep their spelling, so that no digit of a large id is lost.
  public enum Value: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number as it was spelt.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONNode])
    /// Members in the order of the text; no key twice.
    case object([Member])
  }

  /// One key of an object with its value.
  public struct Member: Sendable {
    /// The key.
    public let key: String
    /// The value.
    public let node: JSONNode
  }

  /// The value.
  public let value: Value
  /// Line from 1; 0 when the value was in no text.
  public let line: Int
  /// Column from 1, in bytes.
  public let column: Int

  /// The member of an object by key; nil when there is none, or this is no object.
  public subscript(key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.node
  }

  /// What the value is, in words for an error message.
  var kind: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number(let spelling): "the number \(spelling)"
    case .string(let text): "the text \"\(text.prefix(40))\""
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSONNode {
  /// A value without a place.
  init(_ value: JSONValue) {
    self.value =
      switch value {
      case .null: .null
      case .bool(let value): .bool(value)
      case .integer(let value): .number("\(value)")
      case .number(let value): .number("\(value)")
      case .string(let value): .string(value)
      case .array(let values): .array(values.map(JSONNode.init))
      case .object(let members):
        .object(members.sorted { $0.key < $1.key }.map { Member(key: $0, node: JSONNode($1)) })
      }
    line = 0
    column = 0
  }
}
