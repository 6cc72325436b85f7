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
    reading.ownLoad = gate.alone { meter.median { timed.detect($0, atFullLoad: false) } }
    latency = reading
    var metrics: [String: Double] = [:]
    metrics.takeLatency(reading)
    metrics[.memory] = Self.memory(of: timed, meter.settings, gate: gate)
    self.metrics = metrics
  }

  /// Bytes that this process holds at the most while it detects; nil where they cannot be measured.
  static func memory(
    of timed: TimedDetector, _ settings: LatencySettings, gate: ComputeGate?
  ) -> Double? {
    guard timed.detector.store.device == .cpu else { return nil }
    let peak = gate.alone {
      PeakMemory.bytes {
        for run in 0..<max(1, settings.warmupRuns) { timed.detect(run, atFullLoad: false) }
      }
    }
    return peak.map(Double.init)
  }
}
