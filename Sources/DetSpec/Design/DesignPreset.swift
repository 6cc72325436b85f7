import DetBasics

/// A design with a name: the paper's finals E0 to E5, or a detector of the literature.
///
/// ```swift
/// let design = try DetectorDesign(nameOrText: "E2")
/// DesignPreset.named("faster-rcnn-r50-fpn")?.text  // 1333x800 | resnet50 | fpn P1-P5 256 | rpn | rcnn
/// ```
public struct DesignPreset: Hashable, Sendable {
  /// The name, as in `E2` or `retinanet-r50-fpn`.
  public let name: String
  /// The design's text.
  public let text: String
  /// How well documented it is that the named detector looked like this.
  public let certainty: Certainty
  /// What is known of it, in one or two sentences.
  public let note: String

  /// How well a preset is documented.
  public enum Certainty: String, CaseIterable, Hashable, Sendable, Codable {
    /// Published in full.
    case published
    /// Parts were published, and the parameters that follow from them are the published ones.
    case confirmed
    /// Parts are inferred from published totals; others would fit too.
    case inferred
    /// The parts were not published; a design with the published totals stands in.
    case standIn

    /// The wording for people.
    public var words: String {
      switch self {
      case .published: "published"
      case .confirmed: "confirmed by its parameters"
      case .inferred: "inferred, and not certain"
      case .standIn: "a stand-in, and not certain"
      }
    }
  }

  /// The design.
  public func design() throws -> DetectorDesign { try DetectorDesign(text: text) }

  /// All presets: the finals, then the literature's.
  public static let all: [DesignPreset] = finals + classics

  /// The preset of that name; upper and lower case do not matter.
  public static func named(_ name: String) -> DesignPreset? {
    byName[name.lowercased()]
  }

  private static let byName = Dictionary(
    all.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
}

extension DetectorDesign {
  /// The design that a preset names, or that a text spells.
  public init(nameOrText: String) throws {
    if nameOrText.utf8.contains(UInt8(ascii: "|")) {
      try self.init(text: nameOrText)
      return
    }
    let words = Self.normalized(nameOrText[...])
    guard let preset = DesignPreset.named(words) else {
      let names = DesignPreset.all.map(\.name)
      let examples = "E0 to E5, faster-rcnn-r50-fpn, retinanet-r50-fpn, cascade-rcnn-r50-fpn"
      throw SpecError.syntax(
        part: "design", text: nameOrText,
        expected: "a preset (\(examples), …) or five parts separated by \"|\""
          + Spelling.hint(for: words, among: names))
    }
    self = try preset.design()
  }
}
