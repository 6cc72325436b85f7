public import DetBasics

/// Regularised evolution (Real et al. 2019) for several objectives: only the latest finished trials may have children, and the
/// parent is the best of a few of them, by the order of NSGA-II. What was lucky dies of age.
public struct RegularizedEvolution: Searcher {
  /// Designs to be evaluated before the first mutation.
  public let initial: Int
  /// The latest finished trials that may have children.
  public let population: Int
  /// How many of them compete to be the parent.
  public let sample: Int

  /// States how a stage is searched.
  public init(initial: Int, population: Int = 32, sample: Int = 8) {
    self.initial = initial
    self.population = population
    self.sample = sample
  }

  /// One of the first designs, or a mutation; nothing when no trial has finished, or all changes were tried.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    let first = FirstDesigns(count: initial).next(history, &stream)
    return (first ?? mutation(history, &stream)).map { [$0] } ?? []
  }

  /// A change to the best of a few of the living; when all its changes were tried, to the next best.
  private func mutation(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let living = Array(history.finished.suffix(population))
    let competing = Array(stream.shuffled(living).prefix(sample))
    let parents = Ranking(of: competing, in: history).trials
    return history.mutation(ofFirstFree: parents, &stream)
  }
}
