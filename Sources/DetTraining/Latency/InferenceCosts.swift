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

  /// An image in memory, with what a detector at the full load has to do in it.
  struct Input {
    let images: Tensor  // [1, 3, H, W]
    let sizes: [ImageSize]
    let load: DetectionLoad

    init(_ images: Tensor, _ sizes: [ImageSize], for detector: Detector) {
      self.images = images
      self.sizes = sizes
      load = detector.fullLoad(images, sizes: sizes)
    }

    func detect(_ detector: Detector, atFullLoad: Bool) {
      withoutGradient {
        _ = detector.detect(images, sizes: sizes, load: atFullLoad ? load : nil)
      }
    }
  }

  /// Measures on images in turn, from their pixels in memory to the detections; nil when a time was not finite.
  ///
  /// The memory of a device other than the CPU cannot be measured.
  init?(of detector: Detector, on inputs: [Input], _ meter: LatencyMeter, gate: ComputeGate?) {
    func detect(_ run: Int, atFullLoad: Bool) {
      inputs[run % inputs.count].detect(detector, atFullLoad: atFullLoad)
    }
    guard var reading = meter.reading(gate: gate, { detect($0, atFullLoad: true) }) else {
      return nil
    }
    let isOnProcessor = detector.store.device == .cpu
    let peak = gate.alone {
      reading.ownLoad = meter.median { detect($0, atFullLoad: false) }
      let runs = max(1, meter.settings.warmupRuns)
      return isOnProcessor
        ? PeakMemory.bytes { for run in 0..<runs { detect(run, atFullLoad: false) } } : nil
    }
    latency = reading
    var metrics: [String: Double] = [:]
    metrics[.latency] = reading.runs.median
    metrics[.memory] = peak.map(Double.init)
    self.metrics = metrics
  }
}
