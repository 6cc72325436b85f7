public import DetSpec

/// A design proposed for evaluation, with its provenance.
public struct Suggestion: Hashable, Sendable {
  /// The number of the trial it becomes, from 1.
  public let id: Int
  /// The stage.
  public let stage: SearchStage
  /// In stage two, the number of the pick it belongs to, from 0.
  public let pick: Int?
  /// How many suggestions the stage (of the pick) had made before.
  public let step: Int
  /// The design.
  public let design: DetectorDesign
  /// Where it came from.
  public let origin: Origin
  /// Why it need not be evaluated, in words; nil when it must, or when that is decided after its latency was measured.
  public let prunedBecause: String?
  /// The same as data.
  public let proof: PruningProof?

  /// Describes a suggestion.
  public init(
    id: Int, stage: SearchStage, pick: Int?, step: Int, design: DetectorDesign, origin: Origin,
    prunedBecause: String? = nil, proof: PruningProof? = nil
  ) {
    self.id = id
    self.stage = stage
    self.pick = pick
    self.step = step
    self.design = design
    self.origin = origin
    self.prunedBecause = prunedBecause
    self.proof = proof
  }
}
