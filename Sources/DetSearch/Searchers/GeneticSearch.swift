public import DetBasics

/// NSGA-II (Deb et al. 2002), one design at a time so that no worker waits for a generation: parents are the winners of
/// tournaments among the best finished trials, children join their parts and change a little.
public struct GeneticSearch: Searcher {
  /// Designs to be evaluated before the first child.
  public let initial: Int
  /// The best finished trials among which parents are chosen.
  public let population: Int
  /// The probability that a child joins the parts of two parents before it is changed.
  public let crossover: Double

  /// States how a stage is searched.
  public init(initial: Int, population: Int = 24, crossover: Double = 0.9) {
    self.initial = initial
    self.population = population
    self.crossover = crossover
  }

  /// One of the first designs, or a child; nothing when no trial has finished, or all children were tried.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    let first = FirstDesigns(count: initial).next(history, &stream)
    return (first ?? child(history, &stream)).map { [$0] } ?? []
  }

  /// Parts of two winners joined, or one winner changed.
  private func child(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let ranked = Array(Ranking(of: history.finished, in: history).trials.prefix(population))
    guard let one = tournament(ranked, &stream), let other = tournament(ranked, &stream) else {
      return nil
    }
    if stream.chance(crossover), let child = crossing(one, other, history, &stream) {
      return child
    }
    let others = stream.shuffled(ranked.filter { $0 != one })
    return history.mutation(ofFirstFree: [one] + others, &stream)
  }

  /// The better of two.
  private func tournament(_ ranked: [Int], _ stream: inout Generator) -> Int? {
    guard !ranked.isEmpty else { return nil }
    let places = (0..<2).map { _ in stream.index(below: ranked.count) }
    return places.min().map { ranked[$0] }
  }

  /// A child of two; changed in half of the cases, so that what neither has comes in.
  private func crossing(
    _ one: Int, _ other: Int, _ history: SearchHistory, _ stream: inout Generator
  ) -> Candidate? {
    guard one != other, let parent = history[one], let partner = history[other],
      let child = history.crossing(of: parent.number, with: partner.number, &stream)
    else { return nil }
    let changed = stream.chance(0.5) ? history.mutation(of: child, &stream) : nil
    return Candidate(number: changed ?? child, origin: .crossing(parent: one))
  }
}
