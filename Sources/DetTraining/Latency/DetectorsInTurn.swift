import DetBasics
import DetData
import DetModel
import DetNN
public import DetSpec
import DetTensor

/// Carries out one measurement job: several detectors, trained or not, timed interleaved with one another.
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
    let subjects = try job.detectors.map(timed)
    var meter = LatencyMeter(
      settings: job.settings, anchor: try LatencyAnchor(device: device), cache: .user())
    // What is not trained yet can be timed again when it is.
    if job.detectors.allSatisfy({ $0.weights == nil }) { meter.attempts = 1 }
    let readings = meter.readings(
      of: subjects.map { subject in { subject.detect($0, atFullLoad: true) } }, gate: gate)
    for (index, reading) in readings.enumerated() {
      guard var reading else { throw TrainingError.noTimes }
      // What random weights find says nothing.
      if job.detectors[index].weights != nil {
        reading.ownLoad = gate.alone {
          meter.median { subjects[index].detect($0, atFullLoad: false) }
        }
      }
      try emit(MeasurementEvent(trial: job.detectors[index].trial, reading))
    }
  }

  private func timed(_ subject: MeasurementJob.Subject) throws -> TimedDetector {
    let detector = try detector(subject)
    let samples = try job.images.enumerated().map { index, path in
      Sample(
        imageID: Int64(index) + 1, content: .file(path), imageSize: try ImageFile.size(path))
    }
    return try TimedDetector(
      detector,
      Loader(
        dataset: Dataset(name: "images", categories: [], samples: samples),
        configuration: .single(detector.design.input), threads: 1))
  }

  /// The trained detector, or the design with random weights.
  private func detector(_ subject: MeasurementJob.Subject) throws -> Detector {
    if let weights = subject.weights {
      return try Checkpoint.detector(weights, device: device).detector
    }
    guard let recipe = subject.recipe, let classes = subject.classes else {
      throw TrainingError.data(
        "trial \(subject.trial) has neither weights nor both recipe and classes; give it one of them"
      )
    }
    return try Detector(subject.design, classes: classes, recipe: recipe, seed: 0, device: device)
  }
}
