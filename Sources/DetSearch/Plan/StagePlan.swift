import DetBasics
import DetSpec

/// What the plans of all stages have in common: how many designs are tried, what chooses and trains them, what is improved.
protocol StagePlan: SettingValue {
  /// Designs that are evaluated.
  var trials: Int { get set }
  /// Designs drawn at random before the first mutation.
  var initial: Int { get set }
  /// What chooses designs.
  var searcher: SearcherKind { get set }
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  var randomShare: Double { get set }
  /// What is improved.
  var objectives: [Metric] { get set }
  /// How each design is trained.
  var recipe: Recipe { get set }

  /// The defaults.
  init()
}

extension StagePlan {
  /// What to write.
  package static var form: String { "object" }

  /// The searcher that the plan names.
  func makeSearcher() -> any Searcher {
    searcher.make(initial: initial, randomShare: randomShare)
  }
}
