import DetBasics
public import DetSpec

/// Stage two of a plan: what is inside the parts that stage one picked.
public struct ModularPlan: Hashable, Sendable {
  /// Members of stage one's front that are refined.
  public var picks = 6
  /// Designs to refine instead of stage one's front.
  public var designs: [DetectorDesign] = []
  /// For each of these, in milliseconds, the most accurate member of stage one's front that takes no longer is refined.
  public var latencies: [Double] = []
  /// Trials of stage one by number whose designs are refined.
  public var pickedTrials: [Int] = []
  /// How the picks take turns.
  public var turns = PickTurns.together
  /// Designs that are evaluated for each pick, the baseline among them.
  public var trials = 30
  /// Whether each pick itself is trained as the designs around it are, to compare them with.
  public var baseline = true
  /// Designs of each pick drawn at random, spread over depths, before the first mutation.
  public var initial = 8
  /// What chooses designs.
  public var searcher = SearcherKind.model
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  public var randomShare = 0.2
  /// What is improved.
  public var objectives: [Metric] = [.averagePrecision, .macs]
  /// How each design is trained.
  public var recipe = RecipePreset.modular.recipe
  /// Whether designs that cannot improve the front are left out (partial order pruning).
  public var pruning = true
  /// How much better than a larger design a cheaper one must be before that larger design's parts are pruned, as long as nothing is known of
  /// the deviation of trainings by different seeds.
  public var pruningMargin = 0.01
  /// Whether trainings that cannot reach the front any more end early.
  public var earlyStopping = true
  /// The share of the trials that train members of the front once more, by other seeds.
  public var reseedShare = 0.1
  /// The choices.
  public var space = ModularParts()

  /// The defaults.
  public init() {}
}

/// How the picks of stage two take turns.
public enum PickTurns: String, Hashable, Sendable, WordCodable {
  /// All of their fronts grow side by side.
  case together
  /// One is searched to its end before the next begins.
  case inTurn
}

extension PickTurns: SettingValue {}

/// The choices of stage two.
public struct ModularParts: Hashable, Sendable {
  /// Base channels.
  public var base = [48, 56, 64, 72]
  /// Fewest and most blocks of a backbone; nil for the paper's, and a pick's own number where that is more.
  public var blocks: ClosedRange<Int>?
  /// Channels of the pyramid.
  public var fpnChannels = [128, 256]
  /// Channels inside the head, ascending: the width of its fully connected layers, or of RetinaNet's towers; empty where each pick's
  /// own stay.
  public var headChannels: [Int] = []
  /// How often a backbone may double its channels, ascending: the numbers of its "2".
  public var doublings = [3]

  /// What the nets of the paper have: E3 to E5 have 27 blocks.
  static let usualBlocks = 5...27

  /// The paper's choices.
  public init() {}

  /// The ways to place the "2" among so many blocks.
  func placings(_ depth: Int) -> Int {
    doublings.reduce(0) { $0 + Combinations.count($1, of: depth) }
  }

  /// Why the designs around a pick, however many blocks it has, cannot be numbered; nil when they can.
  var problem: String? {
    let depths = blocks ?? Self.usualBlocks.lowerBound...StageCode.mostBlocks
    let codes = depths.reduce(0) { sum, depth in
      let cuttings = Double(Combinations.count(StageCode.stageCount - 1, of: depth - 1))
      return sum + cuttings * Double(placings(depth))
    }
    if codes == 0 {
      return
        "has no design: \(doublings.min() ?? 0) doublings need as many blocks; give more \"blocks\""
    }
    let others = Double(base.count * fpnChannels.count) * Double(max(1, headChannels.count))
    return codes * others < 0x1p62
      ? nil
      : "has more designs than can be numbered; give \"blocks\", or fewer \"doublings\""
        + (headChannels.isEmpty ? "" : " or \"headChannels\"")
  }

  /// Fewest and most blocks of the backbones around a pick.
  func blocks(around pick: DetectorDesign) -> ClosedRange<Int> {
    if let blocks { return blocks }
    return Self.usualBlocks.lowerBound...max(Self.usualBlocks.upperBound, pick.backbone.depth)
  }
}

extension ModularPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension ModularParts: Codable {
  /// Reads the choices, in any order; each that is left out has the paper's.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
    base.sort()
    fpnChannels.sort()
    headChannels.sort()
    doublings.sort()
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}
