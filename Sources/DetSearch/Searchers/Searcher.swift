public import DetBasics

/// Chooses which designs of a space are tried next, from what became of those that were tried.
///
/// A searcher is a pure function: the same history and stream give the same candidates. So a search that was killed and
/// resumed goes on as one that never was. The ``Study`` does the rest: it keeps the budgets, leaves out designs that were
/// suggested before or cannot improve the front, and draws a design at random where no candidate is left.
///
/// ```swift
/// /// Changes the latest finished design, again and again.
/// struct Walk: Searcher {
///   func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
///     guard let latest = history.finished.last, let entry = history[latest],
///       let child = history.mutation(of: entry.number, &stream)
///     else { return [] }
///     return [Candidate(number: child, origin: .mutation(parent: latest))]
///   }
/// }
/// ```
public protocol Searcher: Sendable {
  /// Candidates for the next trial, the most wanted first.
  ///
  /// - Parameters:
  ///   - history: the space, and every trial in it so far.
  ///   - stream: random numbers of this step; every step has its own.
  /// - Returns: designs, of which the first that is in the space and was not suggested yet is tried; none, for a design
  ///   drawn at random.
  func propose(history: SearchHistory, stream: inout Generator) -> [Candidate]
}

/// A design that a searcher wants to be tried.
public struct Candidate: Sendable, Hashable {
  /// The design's number in the space.
  public let number: Int
  /// Where it came from.
  public let origin: Origin

  /// Describes a candidate.
  public init(number: Int, origin: Origin) {
    self.number = number
    self.origin = origin
  }
}
