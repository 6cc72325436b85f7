public import DetSpec
import DetTensor

/// What it costs to detect in one image on this machine: every measured `Metric`.
public struct InferenceCosts: Sendable {
  /// The time per image.
  public let latency: LatencySummary
  /// The measured metrics by name; what this machine cannot measure is absent.
  public let metrics: [String: Double]

  /// Measures; nil when a time was not finite.
  ///
  /// - Parameters:
  ///   - settings: how many runs.
  ///   - device: where the detector is; the memory of a device other than the CPU cannot be measured.
  ///   - detect: detects in one of the images, from its pixels in memory to the detections; the argument counts the calls.
  init?(settings: LatencySettings, device: Device, detect: (Int) -> Void) {
    guard let latency = LatencyMeter(settings: settings).measure(detect) else { return nil }
    self.latency = latency
    var metrics: [String: Double] = [:]
    metrics[.latency] = latency.median
    if device == .cpu {
      let peak = PeakMemory.bytes { for run in 0..<max(1, settings.warmupRuns) { detect(run) } }
      metrics[.memory] = peak.map(Double.init)
    }
    self.metrics = metrics
  }
}
