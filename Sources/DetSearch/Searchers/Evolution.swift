public import DetBasics
import DetSpec

/// The search of SM-NAS (Yao et al., AAAI 2020): first designs spread over the space, then mutations of the front's members.
public struct Evolution: Searcher {
  /// Designs to be evaluated before the first mutation.
  public let initial: Int
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  public let randomShare: Double

  /// Draws of which each of the first designs is the one farthest from the others.
  private static let draws = 16

  /// States how a stage is searched.
  public init(initial: Int, randomShare: Double) {
    self.initial = initial
    self.randomShare = randomShare
  }

  /// One of the first designs, or a mutation; nothing when no trial has finished, or all changes were tried.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    let candidate =
      history.evaluated.count < initial
      ? spread(history, &stream) : mutation(history, &stream)
    return candidate.map { [$0] } ?? []
  }

  /// The best candidate of Mitchell 1991: of several random designs the one whose nearest neighbour among the first
  /// designs is farthest.
  private func spread(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let others = history.evaluated
    var best: (design: DetectorDesign, gap: Double)?
    for _ in 0..<(others.isEmpty ? 1 : Self.draws) {
      guard let design = history.draw(&stream) else { return nil }
      let gap = others.map { history.distance($0, design) }.min() ?? 0
      if gap > best?.gap ?? -1 { best = (design, gap) }
    }
    return best.map { Candidate(design: $0.design, origin: .start) }
  }

  /// A change to a member of the front, or with ``randomShare``'s probability to any finished trial; when all changes of
  /// one lead to designs that were tried, another parent gets its turn.
  private func mutation(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let parents = stream.chance(randomShare) ? history.finished : history.front
    for parent in stream.shuffled(parents) {
      guard let trial = history[parent] else { continue }
      if let child = history.mutation(of: trial.design, &stream) {
        return Candidate(design: child, origin: .mutation(parent: parent))
      }
    }
    return nil
  }
}
