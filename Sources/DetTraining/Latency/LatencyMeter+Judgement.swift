import DetBasics
import DetSpec

extension LatencyMeter {
  /// The host may take this share of the processors.
  static let steal = 0.02
  /// A steady reading's interval reaches this far from the median, as a share of it.
  static let unrest = 0.15

  /// What disturbed a reading; `isShort`: too few of its runs did not wait for a processor.
  static func disturbances(
    of reading: LatencyReading, isShort: Bool
  ) -> [LatencyConditions.Disturbance] {
    var found: [LatencyConditions.Disturbance] = []
    // On one thread the waiting has been taken out of the times; half of the time is too much to trust that.
    if isShort || reading.machine?.waiting ?? 0 > 0.5 { found.append(.waiting) }
    if reading.slowdown ?? 1 > LatencyReading.calmSlowdown { found.append(.anchor) }
    if let interval = reading.interval {
      let reach = max(interval.high - reading.runs.median, reading.runs.median - interval.low)
      if reach > unrest * reading.runs.median { found.append(.unsteady) }
    }
    if reading.machine?.steal ?? 0 > steal { found.append(.steal) }
    return found
  }
}

extension LatencyReading {
  /// Whether fewer things disturbed it than `other`, or the machine was faster when it was taken.
  func isCalmer(than other: LatencyReading) -> Bool {
    (conditions.disturbances.count, slowdown ?? runs.median)
      < (other.conditions.disturbances.count, other.slowdown ?? other.runs.median)
  }
}
