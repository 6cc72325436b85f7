/// A value with a one-line text that reads back to the same value; in JSON it is that text.
public protocol TextCodable: Codable, CustomStringConvertible {
  /// Reads the text; throws an error that says what would be right.
  init(text: String) throws
  /// The canonical text.
  var text: String { get }
}

extension TextCodable {
  /// The canonical text.
  public var description: String { text }

  /// Reads the text out of a JSON string.
  public init(from decoder: any Decoder) throws {
    self = try Self.read(from: decoder)
  }

  /// Reads the text out of a JSON string.
  static func read(from decoder: any Decoder) throws -> Self {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      return try Self(text: text)
    } catch let error as SpecError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the text as a JSON string.
  public func encode(to encoder: any Encoder) throws {
    try write(to: encoder)
  }

  /// Writes the text as a JSON string.
  func write(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
