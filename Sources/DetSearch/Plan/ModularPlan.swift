public import DetSpec

/// Stage two of a plan: what is inside the parts that stage one picked.
public struct ModularPlan: Hashable, Sendable {
  /// Members of stage one's front that are refined.
  public var picks = 6
  /// Designs to refine instead of stage one's front.
  public var designs: [DetectorDesign] = []
  /// Designs that are evaluated for each pick.
  public var trials = 30
  /// Designs of each pick drawn at random, spread over depths, before the first mutation.
  public var initial = 8
  /// What chooses designs.
  public var searcher = SearcherKind.evolution
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  public var randomShare = 0.2
  /// What is improved.
  public var objectives: [SearchObjective] = [.averagePrecision, .macs]
  /// How each design is trained.
  public var recipe = RecipePreset.modular.recipe
  /// Whether designs that cannot improve the front are left out (partial order pruning).
  public var pruning = true
  /// How much better than a larger design a cheaper one must be before that larger design's parts are pruned.
  public var pruningMargin = 0.01
  /// The choices.
  public var space = ModularParts()

  /// The defaults.
  public init() {}

  /// Whether partial order pruning applies: it needs one accuracy and one cost that is known before training.
  public var canPrune: Bool {
    pruning && objectives.count == 2 && objectives.contains(where: \.isCounted)
  }
}

/// The choices of stage two.
public struct ModularParts: Hashable, Sendable {
  /// Base channels.
  public var base = [48, 56, 64, 72]
  /// Fewest and most blocks of a backbone.
  public var blocks = 5...15
  /// Channels of the pyramid.
  public var fpnChannels = [128, 256]

  /// The paper's choices.
  public init() {}
}

extension ModularPlan: Codable {
  private enum CodingKeys: String, CodingKey {
    case picks, designs, trials, initial, searcher, randomShare, objectives, recipe, pruning,
      pruningMargin
    case space
  }

  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    picks = try container.count(.picks, in: 1...1000, default: picks)
    designs = try container.value(.designs, default: designs)
    try container.require(
      Set(designs).count == designs.count, .designs, "names a design twice; name it once")
    trials = try container.count(.trials, in: 1...StructuralPlan.mostTrials, default: trials)
    initial = try container.count(.initial, in: 1...trials, default: min(initial, trials))
    searcher = try container.value(.searcher, default: searcher)
    randomShare = try container.number(.randomShare, in: 0...1, default: randomShare)
    objectives = try container.objectives(.objectives, default: objectives)
    recipe = try container.value(.recipe, default: recipe)
    pruning = try container.value(.pruning, default: pruning)
    pruningMargin = try container.number(.pruningMargin, in: 0...1, default: pruningMargin)
    space = try container.value(.space, default: space)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(picks, forKey: .picks)
    try container.encode(designs, forKey: .designs)
    try container.encode(trials, forKey: .trials)
    try container.encode(initial, forKey: .initial)
    try container.encode(searcher, forKey: .searcher)
    try container.encode(randomShare, forKey: .randomShare)
    try container.encode(objectives, forKey: .objectives)
    try container.encode(recipe, forKey: .recipe)
    try container.encode(pruning, forKey: .pruning)
    try container.encode(pruningMargin, forKey: .pruningMargin)
    try container.encode(space, forKey: .space)
  }
}

extension ModularParts: Codable {
  private enum CodingKeys: String, CodingKey { case base, blocks, fpnChannels }

  /// Reads the choices; each that is left out has the paper's.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    base = try container.list(.base, default: base).sorted()
    for width in base {
      try container.require(
        StageCode.bases.contains(width) && width.isMultiple(of: 2), .base,
        "has \(width); use even numbers from 8 to 512")
    }
    fpnChannels = try container.list(.fpnChannels, default: fpnChannels).sorted()
    for channels in fpnChannels {
      try container.require(
        NeckSpec.channels.contains(channels) && channels.isMultiple(of: 8), .fpnChannels,
        "has \(channels); use multiples of 8 from 8 to 1024")
    }
    let ends = try container.value(.blocks, default: [blocks.lowerBound, blocks.upperBound])
    try container.require(
      ends.count == 2 && ends[0] <= ends[1] && ends[0] >= StageCode.stageCount
        && ends[1] <= StageCode.mostBlocks, .blocks,
      "is \(ends); use the fewest and the most blocks, as in [5, 15], within 4 and 200")
    blocks = ends[0]...ends[1]
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(base, forKey: .base)
    try container.encode([blocks.lowerBound, blocks.upperBound], forKey: .blocks)
    try container.encode(fpnChannels, forKey: .fpnChannels)
  }
}
