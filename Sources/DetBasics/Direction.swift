/// Which way a number gets better.
public enum Direction: String, Codable, Sendable, CaseIterable {
  /// Smaller is better: latency, parameters.
  case minimize
  /// Larger is better: AP.
  case maximize
}
