public import DetMetrics

/// A metric that a plan may name as an objective.
public enum SearchObjective: String, CaseIterable, Hashable, Sendable, Codable {
  /// Average precision over IoU 0.50 … 0.95, a fraction 0 … 1.
  case averagePrecision = "AP"
  /// Average precision at IoU 0.50, a fraction 0 … 1.
  case averagePrecision50 = "AP50"
  /// Milliseconds per image, measured.
  case latency
  /// Multiply-accumulates per image, counted.
  case macs
  /// Trainable parameters, counted.
  case parameters

  /// Whether it says how good the detections are; the others say what they cost.
  public var isAccuracy: Bool { self == .averagePrecision || self == .averagePrecision50 }

  /// Whether it follows from the design alone, before any training.
  public var isCounted: Bool { self == .macs || self == .parameters }

  /// Which way it gets better.
  public var direction: Direction { isAccuracy ? .maximize : .minimize }

  /// The name and direction that fronts and hypervolumes are computed with.
  public var objective: Objective { Objective(rawValue, direction) }

  /// Why a value cannot be one of this metric, in words; nil when it can.
  public func problem(with value: Double?) -> String? {
    guard let value else { return "the result has no \(rawValue)" }
    guard value.isFinite else { return "\(rawValue) is \(value), not a finite number" }
    if isAccuracy {
      return (0...1).contains(value)
        ? nil : "\(rawValue) is \(value); it must be a fraction from 0 to 1"
    }
    return value > 0 ? nil : "\(rawValue) is \(value); it must be above 0"
  }
}
