import DetSpec

/// What it costs to detect in one image on this machine: every measured ``Metric``.
struct InferenceCosts {
  /// The time per image.
  let latency: LatencySummary
  /// The measured metrics by name; what this machine cannot measure is absent.
  let metrics: [String: Double]

  /// Measures; nil when a time was not finite.
  ///
  /// - Parameters:
  ///   - settings: how many runs.
  ///   - detect: detects in one of the images, from its pixels in memory to the detections; the argument counts the calls.
  init?(settings: LatencySettings, detect: (Int) -> Void) {
    guard let latency = LatencyMeter(settings: settings).measure(detect) else { return nil }
    self.latency = latency
    var metrics: [String: Double] = [:]
    metrics[.latency] = latency.median
    self.metrics = metrics
  }
}
