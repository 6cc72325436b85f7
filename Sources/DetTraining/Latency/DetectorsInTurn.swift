import DetBasics
import DetData
import DetModel
import DetNN
public import DetSpec
import DetTensor

/// Carries out one measurement job: several trained detectors, timed interleaved with one another.
public struct DetectorsInTurn {
  private let job: MeasurementJob
  private let device: Device

  /// Checks the job's device.
  public init(_ job: MeasurementJob) throws {
    self.job = job
    device = try Device.available(job.device)
  }

  /// Measures, and reports of each detector in the order of the job.
  public func run(_ emit: (MeasurementEvent) throws -> Void) throws {
    guard !job.images.isEmpty else {
      throw TrainingError.data("the measurement names no images; name some to detect in")
    }
    Torch.threads = job.threads
    Torch.flushDenormals()
    let gate = try job.measurementLock.map(ComputeGate.init(path:))
    let subjects = try job.detectors.map { try timed($0.weights) }
    let meter = LatencyMeter(
      settings: job.settings, anchor: try LatencyAnchor(device: device), cache: .user())
    let readings = meter.readings(
      of: subjects.map { subject in { subject.detect($0, atFullLoad: true) } }, gate: gate)
    for (index, reading) in readings.enumerated() {
      guard var reading else { throw TrainingError.noTimes }
      reading.ownLoad = gate.alone {
        meter.median { subjects[index].detect($0, atFullLoad: false) }
      }
      try emit(MeasurementEvent(trial: job.detectors[index].trial, reading))
    }
  }

  private func timed(_ weights: String) throws -> TimedDetector {
    let (checkpoint, detector) = try Checkpoint.detector(weights, device: device)
    let samples = try job.images.enumerated().map { index, path in
      Sample(
        imageID: Int64(index) + 1, content: .file(path), imageSize: try ImageFile.size(path))
    }
    return try TimedDetector(
      detector,
      Loader(
        dataset: Dataset(name: "images", categories: [], samples: samples),
        configuration: .single(checkpoint.design.input), threads: 1))
  }
}
