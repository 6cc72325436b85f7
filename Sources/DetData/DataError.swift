/// What is wrong with a data set, an annotation file or an image: where, what, and what would mend it.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, with line or key when one is meant.
  public let place: String
  /// What is wrong.
  public let problem: String
  /// What would mend it; empty when only the reader can know.
  public let cure: String

  /// States a problem.
  public init(place: String, problem: String, cure: String = "") {
    self.place = place
    self.problem = problem
    self.cure = cure
  }

  /// One line: place, problem, cure.
  public var description: String {
    "\(place): \(problem)" + (cure.isEmpty ? "" : "; \(cure)")
  }
}
