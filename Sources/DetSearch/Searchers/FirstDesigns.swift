import DetBasics

/// The designs that a search begins with, spread over the space: the best candidate of Mitchell 1991.
struct FirstDesigns: Sendable {
  /// Designs to be evaluated before the searcher's own rule is asked.
  let count: Int

  /// Draws of which each design is the one farthest from the others.
  private static let draws = 16

  /// The next of them: of several random designs the one whose nearest neighbour among those evaluated is farthest; nil when
  /// all were suggested, or the space is used up.
  func next(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let others = history.evaluated
    guard others.count < count else { return nil }
    var best: (number: Int, gap: Double)?
    for _ in 0..<(others.isEmpty ? 1 : Self.draws) {
      guard let number = history.draw(&stream) else { return nil }
      let gap = others.map { history.space.distance($0, number) }.min() ?? 0
      if gap > best?.gap ?? -1 { best = (number, gap) }
    }
    return best.map { Candidate(number: $0.number, origin: .start) }
  }
}
