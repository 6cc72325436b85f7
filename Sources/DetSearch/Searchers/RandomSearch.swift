public import DetBasics

/// Draws every design at random among those that nobody tried, each as likely as another: what a searcher must beat.
public struct RandomSearch: Searcher {
  /// A searcher that learns nothing.
  public init() {}

  /// One free design of the space.
  public func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    history.draw(&stream).map { [Candidate(number: $0, origin: .random)] } ?? []
  }
}
