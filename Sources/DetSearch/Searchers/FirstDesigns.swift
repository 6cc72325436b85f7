import DetBasics

/// The designs that a search begins with: first the literature's, as far as they are in the space, then others spread over cost.
///
/// Half of them at most are the literature's. The rest fill the parts of the space's costs, which are equal on a logarithmic scale,
/// that have the fewest designs so far; of several random designs of such a part, the one that differs most from those before (the
/// best candidate of Mitchell 1991).
struct FirstDesigns: Sendable {
  /// Designs to be evaluated before the searcher's own rule is asked.
  let count: Int

  /// Draws of which each design is the one farthest from the others.
  private static let draws = 16
  /// Draws among which designs of a wanted cost are looked for where the space is too large to list.
  private static let search = 64

  /// The next of them; nil when all were suggested, or the space is used up.
  func next(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    guard history.evaluated.count < count else { return nil }
    let number =
      classic(history) ?? spreadOverCost(history, &stream) ?? spread(history, &stream)
    return number.map { Candidate(number: $0, origin: .start) }
  }

  private func classic(_ history: SearchHistory) -> Int? {
    let classics = Set(history.space.classics)
    guard history.entries.count(where: { classics.contains($0.number) }) < count / 2 else {
      return nil
    }
    return history.space.classics.first(where: history.isFree)
  }

  /// A design out of a part of the costs that has the fewest so far; nil where costs are not known, or none was found there.
  private func spreadOverCost(_ history: SearchHistory, _ stream: inout Generator) -> Int? {
    guard let ends = history.costs.ends else { return nil }
    var filled = [Int](repeating: 0, count: count)
    for part in parts(of: history.evaluated, history, ends) { filled[part] += 1 }
    let fewest = filled.min() ?? 0
    let free =
      history.space.size <= CostScale.wholeSpace
      ? (0..<history.space.size).filter(history.isFree)
      : (0..<Self.search).compactMap { _ in history.draw(&stream) }
    let found = Dictionary(grouping: zip(free, parts(of: free, history, ends)), by: \.1)
    for part in stream.shuffled(filled.indices.filter { filled[$0] == fewest }) {
      guard let designs = found[part]?.map(\.0) else { continue }
      return farthest(stream.shuffled(designs).prefix(Self.draws), history)
    }
    return nil
  }

  /// Which of ``count`` equal parts of the scale the costs lie in.
  private func parts(
    of numbers: [Int], _ history: SearchHistory, _ ends: ClosedRange<Double>
  ) -> [Int] {
    history.costs.values(of: numbers).map { cost in
      let share = (cost - ends.lowerBound) / (ends.upperBound - ends.lowerBound)
      return min(count - 1, max(0, Int(share * Double(count))))
    }
  }

  /// A design of any cost.
  private func spread(_ history: SearchHistory, _ stream: inout Generator) -> Int? {
    let draws = history.evaluated.isEmpty ? 1 : Self.draws
    return farthest((0..<draws).compactMap { _ in history.draw(&stream) }[...], history)
  }

  /// The one whose nearest neighbour among those evaluated is farthest.
  private func farthest(_ numbers: ArraySlice<Int>, _ history: SearchHistory) -> Int? {
    var best: (number: Int, gap: Double)?
    for number in numbers {
      let gap = history.evaluated.map { history.space.distance($0, number) }.min() ?? 0
      if gap > best?.gap ?? -1 { best = (number, gap) }
    }
    return best?.number
  }
}
