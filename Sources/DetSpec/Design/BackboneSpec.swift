import DetBasics

/// What turns an image into feature levels P1 to P4 (strides 4, 8, 16, 32).
///
/// Text: a name (`resnet50`), a name with other base channels than the published ones (`resnet18 24`), or a stage
/// code (`basicblock 56 12-11111-211-1112`).
public enum BackboneSpec: Hashable, Sendable, TextCodable {
  /// A published network; `base` is its first stage's width (64 in ResNets, 32 in MobileNetV2's stem).
  case classic(ClassicBackbone, base: Int)
  /// A network written block by block.
  case coded(StageCode)

  /// Reads a name, a name with base channels, or a stage code.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    if let first = words.first, let name = ClassicBackbone(rawValue: first) {
      self = try Self.classic(name, words: words, text: text)
    } else if let first = words.first, BlockKind(rawValue: first) != nil {
      self = .coded(try StageCode(text: text))
    } else {
      let names = ClassicBackbone.allCases.map(\.rawValue) + BlockKind.allCases.map(\.rawValue)
      throw SpecError.syntax(
        part: "backbone", text: text,
        expected: "one of \(names.joined(separator: ", "))"
          + Spelling.hint(for: words.first ?? "", among: names))
    }
  }

  private static func classic(
    _ name: ClassicBackbone, words: [String], text: String
  ) throws -> BackboneSpec {
    guard words.count > 1 else { return .classic(name, base: name.standardBase) }
    guard words.count == 2, let base = decimal(words[1]) else {
      throw SpecError.syntax(
        part: "backbone", text: text,
        expected:
          "\(name.rawValue), or \(name.rawValue) with base channels, as in \(name.rawValue) 32")
    }
    let backbone = Self.classic(name, base: base)
    try backbone.check()
    return backbone
  }

  /// Fails when the base channels of a published network cannot be built; a stage code checks itself.
  func check() throws {
    switch self {
    case .coded: return
    case .classic(let name, let base):
      guard !StageCode.bases.contains(base) || !base.isMultiple(of: 2) else { return }
      throw SpecError.invalid(
        part: "base channels", value: "\(base)",
        reason:
          "they are even, from \(StageCode.bases.lowerBound) to \(StageCode.bases.upperBound)",
        cure: "use \(name.standardBase)")
    }
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .classic(let name, let base):
      base == name.standardBase ? name.rawValue : "\(name.rawValue) \(base)"
    case .coded(let code): code.text
    }
  }

  /// Blocks of all its stages.
  package var depth: Int {
    switch self {
    case .classic(let name, _): name.blocks.reduce(0, +)
    case .coded(let code): code.depth
    }
  }

  /// The block it is made of.
  public var block: BlockKind {
    switch self {
    case .classic(let name, _): name.block
    case .coded(let code): code.block
    }
  }

  /// The base channels.
  public var base: Int {
    switch self {
    case .classic(_, let base): base
    case .coded(let code): code.base
    }
  }
}
