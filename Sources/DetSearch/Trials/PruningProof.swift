public import DetSpec

/// Why a design need not be evaluated, as data: the two trials that prove it, and what that saves.
///
/// The design is part of the larger trial's, so that it is expected to be no more accurate; and the rival is more accurate than
/// that one at no higher cost than the design's. See ``PartialOrderPruning``.
public struct PruningProof: Hashable, Sendable, Codable {
  /// The trial whose design it comes from by removing and narrowing.
  public let larger: Int
  /// The trial that is more accurate than the larger one, and costs no more than the design.
  public let rival: Int
  /// In what the costs were compared.
  public let metric: Metric
  /// What the design costs: the value that was known without training it.
  public let cost: Double
  /// Seconds that its evaluation would have taken: those of the larger trial, as its worker counted them if it did, by their
  /// multiply-accumulates.
  public let secondsSaved: Double

  /// Describes a proof.
  public init(larger: Int, rival: Int, metric: Metric, cost: Double, secondsSaved: Double) {
    self.larger = larger
    self.rival = rival
    self.metric = metric
    self.cost = cost
    self.secondsSaved = secondsSaved
  }

  /// The reason in words.
  public var reason: String {
    "it is part of trial \(larger), and trial \(rival) is more accurate at no higher cost"
  }
}
