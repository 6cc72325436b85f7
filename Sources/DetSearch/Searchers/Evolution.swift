public import DetBasics

/// The search of SM-NAS (Yao et al., AAAI 2020): mutations of the front's members, after first designs that are spread over the space,
/// or drawn at random as in the paper.
public struct Evolution: Searcher {
  /// Designs to be evaluated before the first mutation.
  public let initial: Int
  /// The probability that a mutation's parent is any finished trial instead of a member of the front.
  public let randomShare: Double
  /// Whether the first designs are drawn at random.
  public let drawsFirst: Bool

  /// States how a stage is searched.
  public init(initial: Int, randomShare: Double, drawsFirst: Bool = false) {
    self.initial = initial
    self.randomShare = randomShare
    self.drawsFirst = drawsFirst
  }

  /// One of the first designs, or a mutation; nothing when no trial has finished, or all changes were tried.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    (first(history, &stream) ?? mutation(history, &stream)).map { [$0] } ?? []
  }

  /// One of the first designs; nil when all were suggested.
  func first(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    drawsFirst ? draw(history, &stream) : FirstDesigns(count: initial).next(history, &stream)
  }

  private func draw(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    guard history.evaluated.count < initial else { return nil }
    return history.draw(&stream).map { Candidate(number: $0, origin: .start) }
  }

  /// A change to a member of the front, or with ``randomShare``'s probability to any finished trial; when all changes of
  /// one lead to designs that were tried, another parent gets its turn.
  private func mutation(_ history: SearchHistory, _ stream: inout Generator) -> Candidate? {
    let parents = stream.chance(randomShare) ? history.finished : history.front
    return history.mutation(ofFirstFree: stream.shuffled(parents), &stream)
  }
}
