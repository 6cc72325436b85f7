/// A backbone written block by block: `basicblock 56 12-11111-211-1112` (SM-NAS, section 2.2).
///
/// "-" starts a stage, at strides 4, 8, 16 and 32; "1" is a block that keeps the number of channels, "2" one
/// that doubles the base channels from there on.
public struct StageCode: Hashable, Sendable, TextCodable {
  /// The block that every stage repeats.
  public let block: BlockKind
  /// Channels of the stem's output, and of the first blocks until a "2".
  public let base: Int
  /// Per stage, per block: whether the block doubles the channels.
  public let doubles: [[Bool]]

  /// The base channels a backbone can have.
  public static let bases = 8...512
  /// Stages of every backbone, at strides 4, 8, 16, 32.
  public static let stageCount = 4
  /// The most blocks a backbone can have.
  public static let mostBlocks = 200
  /// The most doublings a backbone can have.
  public static let mostDoublings = 6

  /// A code whose parts go together.
  public init(block: BlockKind, base: Int, doubles: [[Bool]]) throws {
    guard Self.bases.contains(base), base.isMultiple(of: 2) else {
      throw SpecError.invalid(
        part: "base channels", value: "\(base)",
        reason:
          "they are even, from \(Self.bases.lowerBound) to \(Self.bases.upperBound)",
        cure: "use \(min(max((base + 1) / 2 * 2, Self.bases.lowerBound), Self.bases.upperBound))")
    }
    self.block = block
    self.base = base
    self.doubles = doubles
    try checkStages()
  }

  private func checkStages() throws {
    guard doubles.count == Self.stageCount else {
      throw SpecError.invalid(
        part: "stages", value: stageText,
        reason: "there are \(doubles.count) of them, for strides 4, 8, 16, 32 there must be 4",
        cure: "separate four stages by \"-\", as in 11-21-21-21")
    }
    if let empty = doubles.firstIndex(where: \.isEmpty) {
      throw SpecError.invalid(
        part: "stages", value: stageText, reason: "stage \(empty + 1) is empty",
        cure: "give every stage at least one block")
    }
    guard depth <= Self.mostBlocks else {
      throw SpecError.invalid(
        part: "stages", value: "\(depth) blocks", reason: "the most is \(Self.mostBlocks)",
        cure: "remove blocks")
    }
    guard doublings <= Self.mostDoublings else {
      throw SpecError.invalid(
        part: "stages", value: stageText,
        reason: "it doubles the channels \(doublings) times, the most is \(Self.mostDoublings)",
        cure: "write some \"2\" as \"1\"")
    }
  }

  /// Reads `basicblock 56 12-11111-211-1112`.
  public init(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3, let block = BlockKind(rawValue: words[0]), let base = decimal(words[1])
    else {
      let kinds = BlockKind.allCases.map(\.rawValue).joined(separator: "|")
      throw SpecError.syntax(
        part: "stage code", text: text,
        expected: "\(kinds), base channels, stages, as in basicblock 56 12-11111-211-1112")
    }
    try self.init(block: block, base: base, doubles: Self.parse(stages: words[2]))
  }

  /// Reads the stages alone, as in `12-11111-211-1112`.
  public static func parse(stages: String) throws -> [[Bool]] {
    try stages.split(separator: "-", omittingEmptySubsequences: false).map { stage in
      try stage.map { letter in
        switch letter {
        case "1": false
        case "2": true
        default:
          throw SpecError.syntax(
            part: "stages", text: stages, expected: "only \"1\", \"2\" and \"-\", as in 11-21-21-21"
          )
        }
      }
    }
  }

  /// The stages alone, as in `12-11111-211-1112`.
  public var stageText: String {
    doubles.map { $0.map { $0 ? "2" : "1" }.joined() }.joined(separator: "-")
  }

  /// The whole code.
  public var text: String { "\(block.rawValue) \(base) \(stageText)" }

  /// The number of blocks.
  public var depth: Int { doubles.reduce(0) { $0 + $1.count } }

  /// The number of blocks that double the channels.
  public var doublings: Int { doubles.reduce(0) { $0 + $1.count { $0 } } }

  /// Per stage, per block: the block's width (its planes, before expansion).
  public var widths: [[Int]] {
    var width = base
    return doubles.map { stage in
      stage.map { doubling in
        if doubling { width *= 2 }
        return width
      }
    }
  }
}
