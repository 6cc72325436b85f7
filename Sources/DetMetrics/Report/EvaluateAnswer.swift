/// An evaluation as JSON for programs: the twelve numbers by name at the top, and what else was asked for.
public struct EvaluateAnswer: Encodable, Sendable {
  /// One class and its twelve numbers.
  private struct ClassRow: Encodable, Sendable {
    enum Keys: CodingKey { case id, name, truths }
    let category: GroundTruth.Category
    let truths: Int
    let summary: COCOSummary

    func encode(to encoder: any Encoder) throws {
      try summary.encode(to: encoder)
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(category.id, forKey: .id)
      try container.encode(category.name, forKey: .name)
      try container.encode(truths, forKey: .truths)
    }
  }

  private enum Keys: CodingKey { case classes, interval, comparison, against, errors, notes }

  private let summary: COCOSummary
  private var classes: [ClassRow]?
  /// The interval in which AP lies.
  public var interval: Bootstrap.Interval?
  /// The twelve numbers of the detector it was compared with.
  public var against: COCOSummary?
  /// How the two detectors differ; the second is the one it was compared with.
  public var comparison: Bootstrap.Comparison?
  /// Why precision is lost.
  public var errors: ErrorAnalysis?
  /// What must be known beside the numbers; see ``EvaluationNotes``.
  public var notes: [String] = []

  /// Starts with the twelve numbers of a result, or with those that stand for them.
  public init(_ result: COCOResult, summary: COCOSummary? = nil, classes: Bool = false) {
    self.summary = summary ?? result.summary
    guard classes else { return }
    self.classes = result.categories.map { category in
      ClassRow(
        category: category, truths: result.truthCount(category: category.id),
        summary: result.summary(category: category.id))
    }
  }

  /// Writes the twelve numbers and the parts that are there, side by side.
  public func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encodeIfPresent(classes, forKey: .classes)
    try container.encodeIfPresent(interval, forKey: .interval)
    try container.encodeIfPresent(against, forKey: .against)
    try container.encodeIfPresent(comparison, forKey: .comparison)
    try container.encodeIfPresent(errors, forKey: .errors)
    if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
  }
}
