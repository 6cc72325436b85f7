import DetBasics

extension LatencyReading {
  /// The reading for people: `latency: 12.3 ms (95 % interval 12.1 ms to 12.6 ms, p10 11.9 ms, p90 13.4 ms)`, the time with the
  /// trained weights' own load and the device where they are known, and a line for each disturbance.
  public var lines: [String] {
    let spread =
      "p10 \(Durations.milliseconds(runs.p10)), p90 \(Durations.milliseconds(runs.p90))"
    let details = [intervalInWords, spread].compactMap { $0 }.joined(separator: ", ")
    let own = self.ownLoad.map { "; \(Durations.milliseconds($0)) for what it finds" } ?? ""
    let place = self.device.map { ["measured on \($0), post-processing included"] } ?? []
    return ["latency: \(Durations.milliseconds(runs.median)) (\(details))\(own)"] + place + warnings
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
  /// The name of the latency with what the trained weights find, beside that at the full load.
  private static let ownLoad = "latencyOwnLoad"
  /// The names of the ends of its 95 % interval.
  private static let ends = (low: "latencyLow", high: "latencyHigh")

  /// The results without those that were measured, and hold for the machine alone on which they were: latency and all that belongs to it,
  /// and memory.
  public var withoutMeasured: [String: Double] {
    let names = Metric.allCases.filter(\.isMeasured).map(\.name)
    let beside = [Self.disturbed, Self.ownLoad, Self.ends.low, Self.ends.high]
    return filter { !names.contains($0.key) && !beside.contains($0.key) }
  }

  /// Whether the latency among these results was taken on a disturbed machine.
  public var hasDisturbedLatency: Bool { self[Self.disturbed] == 1 }

  /// The latency with what the trained weights find in the images, in milliseconds; nil where it is not known.
  public var ownLoadLatency: Double? { self[Self.ownLoad] }

  /// Where the latency lies: its 95 % interval, or the median alone where no interval is known. Nil without a latency, and for a
  /// disturbed one, which is compared with no other.
  public var comparableLatency: ClosedRange<Double>? {
    guard let median = self[.latency], !hasDisturbedLatency else { return nil }
    guard let low = self[Self.ends.low], let high = self[Self.ends.high], low <= high else {
      return median...median
    }
    return low...high
  }

  /// The latency as a reading, as far as these results tell; nil without one.
  public var latencyReading: LatencyReading? {
    guard let median = self[.latency], let runs = LatencySummary(samples: [median]) else {
      return nil
    }
    var reading = LatencyReading(runs: runs)
    if let low = self[Self.ends.low], let high = self[Self.ends.high] {
      reading.interval = .init(low: low, high: high)
    }
    reading.ownLoad = ownLoadLatency
    // What disturbed it is not kept among results.
    if hasDisturbedLatency { reading.disturbances = [.unsteady] }
    return reading
  }

  /// Takes a latency in: its median, and beside it its interval, whether it was disturbed, and the time with the weights' own
  /// load. Nil takes all of them out.
  public mutating func takeLatency(_ reading: LatencyReading?) {
    self[.latency] = reading?.runs.median
    self[Self.disturbed] = reading.flatMap { $0.isCalm ? nil : 1 }
    self[Self.ownLoad] = reading?.ownLoad
    self[Self.ends.low] = reading?.interval?.low
    self[Self.ends.high] = reading?.interval?.high
  }
}
