import DetBasics

/// What proposes regions to a second stage.
public enum ProposalSpec: String, CaseIterable, Hashable, Sendable, TextCodable {
  /// Nothing: a one-stage detector.
  case none
  /// The region proposal network (Ren et al. 2015).
  case rpn
  /// The guided anchoring RPN (Wang et al. 2019).
  case guidedAnchoring = "ga-rpn"

  /// Reads `none`, `rpn` or `ga-rpn`.
  public init(text: String) throws {
    guard let value = Self(rawValue: text) else {
      let names = Self.allCases.map(\.rawValue)
      throw SpecError.syntax(
        part: "proposals", text: text,
        expected: "one of \(names.joined(separator: ", "))" + Spelling.hint(for: text, among: names)
      )
    }
    self = value
  }

  /// The canonical text.
  public var text: String { rawValue }

  // Explicit: otherwise the compiler synthesises a third coding beside the raw value's and the text's.

  /// Reads the text out of a JSON string.
  public init(from decoder: any Decoder) throws { self = try Self.read(from: decoder) }

  /// Writes the text as a JSON string.
  public func encode(to encoder: any Encoder) throws { try write(to: encoder) }
}
