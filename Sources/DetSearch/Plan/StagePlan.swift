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
  /// Whether designs that cannot improve the front are left out (partial order pruning).
  var pruning: Bool { get set }
  /// How much better than a larger design a cheaper one must be before that larger design's parts are pruned, as long as nothing is known of
  /// the deviation of trainings by different seeds.
  var pruningMargin: Double { get set }
  /// Whether trainings that cannot reach the front any more end early.
  var earlyStopping: Bool { get set }
  /// The share of the trials that train members of the front once more, by other seeds.
  var reseedShare: Double { get set }
  /// Whether designs can be timed before they are trained, and so be pruned by their latency.
  static var canTimeFirst: Bool { get }

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

  /// Of so many evaluated designs, how many train members of the front once more.
  func reseeds(of count: Int) -> Int { Int(reseedShare * Double(count)) }

  /// The cost by which designs are pruned; nil where they are not. It takes one accuracy and one cost that is known before training:
  /// one that is counted, or in stage one the latency, which is measured.
  var pruningCost: Metric? {
    guard pruning, objectives.count == 2 else { return nil }
    return objectives.first { $0.isCounted || Self.canTimeFirst && $0.isLatency }
  }
}
