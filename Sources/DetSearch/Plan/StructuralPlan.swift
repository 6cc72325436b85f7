import DetBasics
public import DetSpec

/// Stage one of a plan: which parts to combine.
public struct StructuralPlan: Hashable, Sendable {
  /// Designs that are evaluated.
  public var trials = 24
  /// Designs drawn at random, spread over the space, before the first mutation.
  public var initial = 8
  /// What chooses designs.
  public var searcher = SearcherKind.model
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  public var randomShare = 0.2
  /// What is improved.
  public var objectives: [Metric] = [.averagePrecision, .latency]
  /// How each design is trained.
  public var recipe = RecipePreset.structural.recipe
  /// Whether designs that cannot improve the front are left out (partial order pruning): where latency is an objective, after they
  /// were timed and before they are trained.
  public var pruning = true
  /// How much better than a larger design a cheaper one must be before that larger design's parts are pruned, as long as nothing is known of
  /// the deviation of trainings by different seeds.
  public var pruningMargin = 0.01
  /// Whether trainings that cannot reach the front any more end early.
  public var earlyStopping = true
  /// The share of the trials that train members of the front once more, by other seeds.
  public var reseedShare = 0.1
  /// What its backbone starts from; nil where the recipe says it for all of them.
  public var weights: BackboneWeights?
  /// The parts.
  public var space = StructuralParts()

  /// The defaults.
  public init() {}

  /// Whether every design is timed before it is decided whether to train it.
  package var timesFirst: Bool { pruningCost?.isLatency ?? false }

  /// Why two heads of the space would be built alike, in words; nil when none are.
  var doubledHead: String? {
    let usual = recipe.detection.headWidth
    guard
      let doubled = space.heads.first(where: { head in
        let plain = head.with(channels: usual, recipe: recipe)
        return head != plain && space.heads.contains(plain)
          && head.channels(behindPyramidOf: 0, recipe: recipe) == usual
      })
    else { return nil }
    let plain = doubled.with(channels: usual, recipe: recipe).text
    return
      "space.heads names \(plain) and \(doubled.text), which are the same where recipe.detection.headWidth is \(usual); name one of them"
  }

  /// The most trials a stage can have.
  static let mostTrials = 1_000_000
}

/// The parts that stage one combines; combinations that do not go together are left out.
public struct StructuralParts: Hashable, Sendable {
  /// Input sizes.
  public var inputs: [InputSize]
  /// Backbones.
  public var backbones: [BackboneSpec]
  /// Necks.
  public var necks: [NeckSpec]
  /// Proposals.
  public var proposals: [ProposalSpec]
  /// Heads.
  public var heads: [HeadSpec]

  /// The paper's space: 1,064 designs.
  public init() {
    inputs = Self.sizes([(512, 512), (800, 600), (1080, 720), (1333, 800)])
    backbones = ClassicBackbone.allCases.map { .classic($0, base: $0.standardBase) }
    necks = [
      .none,
      .fpn(finest: .p1, coarsest: .p5, channels: 256),
      .fpn(finest: .p1, coarsest: .p6, channels: 256),
      .fpn(finest: .p2, coarsest: .p5, channels: 256),
      .fpn(finest: .p2, coarsest: .p6, channels: 256),
    ]
    proposals = ProposalSpec.allCases
    heads = [.rcnn(), .retinanet()] + HeadSpec.cascadeSteps.map { .cascade(steps: $0) }
  }

  private static func sizes(_ sides: [(Int, Int)]) -> [InputSize] {
    sides.compactMap { try? InputSize(width: $0.0, height: $0.1) }
  }
}

extension StructuralPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension StructuralParts: Codable {
  /// Reads the lists; each that is left out has the paper's parts.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every list.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}
