import DetBasics

extension LatencyReading {
  /// The reading for people: `latency: 12.3 ms (95 % interval 12.1 ms to 12.6 ms, p10 11.9 ms, p90 13.4 ms)`, the time with the
  /// trained weights' own load where it is known, and a line for each disturbance.
  public var lines: [String] {
    let spread =
      "p10 \(Durations.milliseconds(runs.p10)), p90 \(Durations.milliseconds(runs.p90))"
    let details = [intervalInWords, spread].compactMap { $0 }.joined(separator: ", ")
    let own = self.ownLoad.map { "; \(Durations.milliseconds($0)) for what it finds" } ?? ""
    return ["latency: \(Durations.milliseconds(runs.median)) (\(details))\(own)"] + warnings
  }

  /// What a reader has to know of a disturbed reading, a line for each disturbance; empty for a calm one.
  public var warnings: [String] {
    self.disturbances.map { disturbance in
      let detail =
        switch disturbance {
        case .waiting: self.machine?.waiting.map { "for \(Self.percent($0)) of the time" }
        case .anchor: slowdown.map { "by a factor of \($0.fixed(2))" }
        case .unsteady: intervalInWords
        case .steal: self.machine?.steal.map(Self.percent)
        }
      let words = disturbance.words + (detail.map { " (\($0))" } ?? "")
      return "disturbed: \(words); measure again when the machine is free"
    }
  }

  private var intervalInWords: String? {
    self.interval.map {
      "95 % interval \(Durations.milliseconds($0.low)) to \(Durations.milliseconds($0.high))"
    }
  }

  private static func percent(_ share: Double) -> String { "\((100 * share).fixed(0)) %" }
}

extension Metric {
  /// What stands behind a value of this metric in tables and sentences: a mark behind a disturbed latency.
  public func mark(_ results: [String: Double]) -> String {
    self == .latency && results.hasDisturbedLatency ? " *" : ""
  }
}

extension [String: Double] {
  /// The name among a trial's results under which a disturbed latency is noted, by the number 1.
  private static let disturbed = "latencyDisturbed"

  /// Whether the latency among these results was taken on a disturbed machine.
  public var hasDisturbedLatency: Bool { self[Self.disturbed] == 1 }

  /// Notes whether the latency was taken on a disturbed machine.
  public mutating func notesDisturbedLatency(_ isDisturbed: Bool) {
    self[Self.disturbed] = isDisturbed ? 1 : nil
  }
}
