import DetSearch
package import DetSpec

extension Run {
  /// Judges the latencies of a stage's finished trials once more, by what the anchors take on the calm machine as far as that is known
  /// now: the first ones on a machine had nothing calm to be compared with. Gives the trials whose latency is disturbed.
  package func judgeLatencies(of stage: SearchStage) throws -> Set<Int> {
    let trials = try store.trials().filter { $0.stage == stage && $0.isFinished }
    let metrics = plan.objectives(of: stage).filter(\.isLatency)
    var readings = try trials.compactMap { trial in
      try store.latency(ofTrial: trial.id).map { (trial: trial, reading: $0) }
    }
    var calm: [Place: Double] = [:]
    for (_, reading) in readings {
      for (place, milliseconds) in Self.anchors(of: reading, metrics) {
        calm[place] = min(calm[place] ?? .infinity, milliseconds)
      }
    }
    for (index, known) in readings.enumerated() {
      let judged = Self.judged(known.reading, metrics, calm)
      guard judged != known.reading else { continue }
      readings[index].reading = judged
      try store.remeasure(known.trial, judged)
    }
    return Set(
      readings.filter { known in
        metrics.contains { known.reading.reading(of: $0)?.isCalm == false }
      }.map(\.trial.id))
  }

  /// Where the times of an anchor can be compared.
  private struct Place: Hashable {
    let metric: Metric
    let device: String?
    let host: String?

    init(_ metric: Metric, _ reading: LatencyReading) {
      self.metric = metric
      device = reading.device
      host = reading.machine?.host
    }
  }

  private static func anchors(
    of reading: LatencyReading, _ metrics: [Metric]
  ) -> [(Place, Double)] {
    metrics.compactMap { metric in
      guard let own = reading.reading(of: metric), let calm = own.calmAnchor else { return nil }
      return (Place(metric, own), calm)
    }
  }

  private static func judged(
    _ reading: LatencyReading, _ metrics: [Metric], _ calm: [Place: Double]
  ) -> LatencyReading {
    var judged = reading
    for metric in metrics {
      guard let own = judged.reading(of: metric), let milliseconds = calm[Place(metric, own)]
      else { continue }
      let again = own.judged(byCalmAnchor: milliseconds)
      if let device = metric.device {
        judged.others[device] = again
      } else {
        judged = again
      }
    }
    return judged
  }
}
