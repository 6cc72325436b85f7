/// What is wrong with a data set, an annotation file or an image: where, what, and what would mend it.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, with line or key when one is meant.
  public let place: String
  /// What is wrong.
  public let problem: String
  /// What would mend it; empty when only the reader can know.
  public let cure: String
  /// What a look over the whole data set calls it.
  public let kind: Finding.Kind

  /// States a problem.
  public init(
    place: String, problem: String, cure: String = "", kind: Finding.Kind = .annotationBroken
  ) {
    self.place = place
    self.problem = problem
    self.cure = cure
    self.kind = kind
  }

  /// One line: place, problem, cure.
  public var description: String {
    "\(place): \(problem)" + (cure.isEmpty ? "" : "; \(cure)")
  }
}
