import DetBasics

/// A latency, and all that tells how far it can be trusted.
///
/// Each block of runs stands beside a block of runs of an *anchor*: a detector that is the same in every measurement on a
/// machine, so that its time changes only when the machine does.
@dynamicMemberLookup
public struct LatencyReading: Sendable, Hashable {
  /// The runs of the detector.
  public let runs: LatencySummary
  /// What is known of the circumstances; its members are those of the reading.
  public var conditions = LatencyConditions()
  /// The readings of the same detector on other devices of the plan, by their names.
  public var others: [String: LatencyReading] = [:]

  /// A reading of these runs, of which nothing more is known.
  public init(runs: LatencySummary) { self.runs = runs }

  /// Something of the circumstances.
  public subscript<Value>(
    dynamicMember member: WritableKeyPath<LatencyConditions, Value>
  ) -> Value {
    get { conditions[keyPath: member] }
    set { conditions[keyPath: member] = newValue }
  }

  /// The reading of a metric: this one, or that of another device; nil where there is none.
  public func reading(of metric: Metric) -> LatencyReading? {
    metric == .latency ? self : metric.device.flatMap { others[$0] }
  }

  /// Whether nothing is known to have disturbed it, here; each of the others says so of itself.
  public var isCalm: Bool { conditions.disturbances.isEmpty }

  /// How many times slower than calm the machine was, by its anchor; nil without one.
  public var slowdown: Double? {
    guard let anchor = self.anchor, let calm = self.calmAnchor, calm > 0 else { return nil }
    return anchor.median / calm
  }

  /// A machine on which the anchor is slower than when calm by more than this factor is not calm.
  public static let calmSlowdown = 1.15

  /// This reading as it has to be judged when the anchor turned out to be faster on the calm machine than was known when it was taken,
  /// in milliseconds. A reading without an anchor, or with a faster one, stays as it is.
  public func judged(byCalmAnchor milliseconds: Double) -> LatencyReading {
    guard self.anchor != nil, let known = self.calmAnchor, milliseconds < known else { return self }
    var judged = self
    judged.calmAnchor = milliseconds
    let isSlow = judged.slowdown ?? 1 > Self.calmSlowdown
    if isSlow, !judged.disturbances.contains(.anchor) { judged.disturbances.append(.anchor) }
    return judged
  }
}
