package import DetSpec

extension Outcome {
  /// The outcome with a latency in the place of the results' own; nil leaves it as it is.
  package func with(_ reading: LatencyReading?) -> Outcome {
    guard case .finished(var metrics) = self, let reading else { return self }
    metrics.takeLatency(reading)
    return .finished(metrics: metrics)
  }

  /// The outcome as a search keeps it: results get the metrics that are known without them, and results that a search
  /// cannot use are a failure with its reason. Other outcomes stay.
  ///
  /// - Parameters:
  ///   - objectives: metrics that results must have.
  ///   - known: metrics that follow from the design or were reported earlier; the results' own go first.
  /// - Returns: the outcome that is kept.
  package func checked(
    for objectives: [Metric], known: [String: Double]
  ) -> Outcome {
    guard case .finished(let own) = self else { return self }
    let metrics = own.merging(known) { own, _ in own }
    if let odd = metrics.sorted(by: { $0.key < $1.key }).first(where: { !$0.value.isFinite }) {
      return .failed(reason: "\(odd.key) is \(odd.value), not a finite number")
    }
    let problems = objectives.lazy.compactMap { $0.problem(with: metrics[$0]) }
    return problems.first.map { .failed(reason: $0) } ?? .finished(metrics: metrics)
  }
}
