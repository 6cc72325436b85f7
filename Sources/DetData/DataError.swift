public import DetBasics

/// What is wrong with a data set, an annotation file or an image: where, what, and what would fix it.
public struct DataError: SurroundingsError, Equatable, Sendable, CustomStringConvertible {
  /// The file, with line or key where there is one.
  public let place: String
  /// What is wrong.
  public let problem: String
  /// What would fix it; empty when only the reader can know.
  public let cure: String
  /// The kind under which the doctor lists it.
  public let kind: Finding.Kind

  /// Describes a problem.
  public init(
    place: String, problem: String, cure: String = "", kind: Finding.Kind = .annotationBroken
  ) {
    self.place = place
    self.problem = problem
    self.cure = cure
    self.kind = kind
  }

  /// What is wrong with data is never a design's fault.
  public var surroundings: SurroundingsFault? { kind == .imageMissing ? .gone : .dataBroken }

  /// One line: place, problem, cure.
  public var description: String {
    "\(place.oneLine): \(problem)" + (cure.isEmpty ? "" : "; \(cure)")
  }
}
