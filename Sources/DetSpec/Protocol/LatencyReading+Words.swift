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
    let elsewhere = others.sorted { $0.key < $1.key }.map { device, other in
      "\(Metric.latency(on: device)): \(Durations.milliseconds(other.runs.median))"
    }
    return ["latency: \(Durations.milliseconds(runs.median)) (\(details))\(own)"] + place
      + elsewhere
      + warnings
  }

  /// What a reader has to know of a disturbed reading, a line for each disturbance; empty for a calm one.
  public var warnings: [String] {
    ownWarnings
      + others.sorted { $0.key < $1.key }.flatMap { device, other in
        other.warnings.map { "\(device): \($0)" }
      }
  }

  private var ownWarnings: [String] {
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
    isLatency && results.isDisturbed(self) ? " *" : ""
  }
}

extension [String: Double] {
  /// The results without those that were measured, and hold for the machine alone on which they were: latencies and all that belongs to
  /// them, and memory.
  public var withoutMeasured: [String: Double] {
    filter { !$0.key.hasPrefix(Metric.latency.name) && $0.key != Metric.memory.name }
  }

  /// Whether a latency among these results was taken on a disturbed machine.
  public var hasDisturbedLatency: Bool {
    Metric.all(in: self).contains { $0.isLatency && isDisturbed($0) }
  }

  /// The latency with what the trained weights find in the images, in milliseconds; nil where it is not known.
  public var ownLoadLatency: Double? { self[Metric.latency.beside("OwnLoad")] }

  /// The latency as a reading, with those on other devices, as far as these results tell; nil without one.
  public var latencyReading: LatencyReading? {
    var reading = reading(of: .latency)
    for metric in Metric.all(in: self) {
      guard let device = metric.device else { continue }
      reading?.others[device] = self.reading(of: metric)
    }
    return reading
  }

  private func reading(of metric: Metric) -> LatencyReading? {
    guard let median = self[metric], let runs = LatencySummary(samples: [median]) else {
      return nil
    }
    var reading = LatencyReading(runs: runs)
    if let range = interval(of: metric) {
      reading.interval = .init(low: range.lowerBound, high: range.upperBound)
    }
    reading.ownLoad = self[metric.beside("OwnLoad")]
    // What disturbed it is not kept among results.
    if isDisturbed(metric) { reading.disturbances = [.unsteady] }
    return reading
  }

  /// Takes a latency in, and those on other devices: of each its median, and beside it its interval, whether it was disturbed, and the
  /// time with the weights' own load. Nil takes all of them out.
  public mutating func takeLatency(_ reading: LatencyReading?) {
    let known = Metric.all(in: self).filter { $0.device != nil }
    for metric in known where reading?.others[metric.device ?? ""] == nil { take(nil, as: metric) }
    take(reading, as: .latency)
    for (device, other) in reading?.others ?? [:] { take(other, as: .latency(on: device)) }
  }

  private mutating func take(_ reading: LatencyReading?, as metric: Metric) {
    self[metric] = reading?.runs.median
    self[metric.beside("Disturbed")] = reading.flatMap { $0.isCalm ? nil : 1 }
    self[metric.beside("OwnLoad")] = reading?.ownLoad
    setInterval(of: metric, reading?.interval.map { $0.low...$0.high })
  }
}
