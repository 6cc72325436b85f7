/// Which part of a search a trial belongs to.
public enum SearchStage: String, Hashable, Sendable, WordCodable {
  /// Which parts to combine: accuracy against measured latency.
  case structural
  /// What is inside the parts: accuracy against multiply-accumulates.
  case modular
  /// Chosen designs trained in full.
  case final
}
