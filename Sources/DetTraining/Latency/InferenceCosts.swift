import DetBasics
import DetModel
import DetNN
public import DetSpec
import DetTensor

/// What it costs to detect in one image on this machine: every measured `Metric`.
public struct InferenceCosts: Sendable {
  /// The time per image at the full load, with that of the trained weights' own load.
  public let latency: LatencyReading
  /// The measured metrics by name; what this machine cannot measure is absent.
  public let metrics: [String: Double]

  /// Measures on images in turn, from their pixels in memory to the detections; nil when a time was not finite.
  ///
  /// The memory of a device other than the CPU cannot be measured.
  init?(of timed: TimedDetector, _ meter: LatencyMeter, gate: ComputeGate?) {
    guard var reading = meter.reading(gate: gate, { timed.detect($0, atFullLoad: true) }) else {
      return nil
    }
    let isOnProcessor = timed.detector.store.device == .cpu
    let peak = gate.alone {
      reading.ownLoad = meter.median { timed.detect($0, atFullLoad: false) }
      let runs = max(1, meter.settings.warmupRuns)
      return isOnProcessor
        ? PeakMemory.bytes { for run in 0..<runs { timed.detect(run, atFullLoad: false) } } : nil
    }
    latency = reading
    var metrics: [String: Double] = [:]
    metrics[.latency] = reading.runs.median
    metrics[.memory] = peak.map(Double.init)
    self.metrics = metrics
  }
}
