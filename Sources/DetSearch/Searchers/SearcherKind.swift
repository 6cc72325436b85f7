public import DetSpec

/// The searchers that a plan can name; each has its file beside this one.
public enum SearcherKind: String, Hashable, Sendable, WordCodable {
  /// See ``ModelSearch``.
  case model
  /// See ``Evolution``.
  case evolution
  /// See ``Evolution``; its first designs drawn at random, as in the paper.
  case paper
  /// See ``RandomSearch``.
  case random
  /// See ``GeneticSearch``.
  case nsga2
  /// See ``RegularizedEvolution``.
  case regularizedEvolution

  /// The searcher with a stage's settings.
  public func make(initial: Int, randomShare: Double) -> any Searcher {
    switch self {
    case .model: ModelSearch(initial: initial, randomShare: randomShare)
    case .evolution: Evolution(initial: initial, randomShare: randomShare)
    case .paper: Evolution(initial: initial, randomShare: randomShare, drawsFirst: true)
    case .random: RandomSearch()
    case .nsga2: GeneticSearch(initial: initial)
    case .regularizedEvolution: RegularizedEvolution(initial: initial)
    }
  }
}
