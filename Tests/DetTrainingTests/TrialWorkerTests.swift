import DetBasics
import DetData
import DetMetrics
import DetSpec
import DetTraining
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct TrialWorkerTests {
  private static let shapes = #"""
    {"train": {"format": "shapes", "count": 16, "size": "64x64", "seed": 1, "classes": ["circle", "square"]},
     "validation": {"format": "shapes", "count": 4, "size": "64x64", "seed": 2, "classes": ["circle", "square"]}}
    """#

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func job(
    _ directory: String, epochs: Int = 2, rate: Double = 0.02, resume: Bool = false
  ) throws -> TrialJob {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = epochs
    recipe.batch = 4
    recipe.learningRate.from = rate
    recipe.learningRate.to = min(rate, recipe.learningRate.to)
    recipe.learningRate.atBatch = nil
    recipe.weightAverage = 0.9
    recipe.evaluateEvery = epochs
    recipe.latency = LatencySettings(warmupRuns: 1, runs: 3)
    return TrialJob(
      id: 1, stage: .structural,
      design: try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"),
      recipe: recipe, data: try JSON.decode(JSONValue.self, from: Self.shapes, source: "test"),
      seed: 5, device: "cpu", threads: 1, directory: directory, resume: resume)
  }

  private func weights(_ directory: String) throws -> Data {
    try Files.bytes("\(directory)/weights.safetensors")
  }

  @Test func trialReportsItsLifeAndLeavesItsFiles() throws {
    let directory = try folder.makeFolder("trial")
    var events: [TrialEvent] = []
    try TrialWorker(job: job(directory)) { events.append($0) }.run()
    guard case .started(let start) = events.first, case .finished(let metrics) = events.last else {
      Issue.record("the events are \(events)")
      return
    }
    #expect(start.trainingImages == 16 && start.epochs == 2)
    for metric in Metric.allCases where metric != .memory || PeakMemoryTests.canMeasure {
      #expect(metrics[metric] != nil, "\(metric)")
    }
    for name in ["weights.safetensors", "detections.json", "detections.png"] {
      #expect(FileManager.default.fileExists(atPath: "\(directory)/\(name)"), "\(name) is missing")
    }
    let detector = try ImageDetector(path: "\(directory)/weights.safetensors")
    #expect(detector.checkpoint.classes == ["circle", "square"])
  }

  @Test func stoppedTrainingGoesOnAsIfItHadNotStopped() throws {
    let whole = try folder.makeFolder("whole")
    try TrialWorker(job: job(whole)) { _ in }.run()

    let halves = try folder.makeFolder("halves")
    var epochs = 0
    let first = try TrialWorker(job: job(halves), shouldStop: { epochs == 1 }) { event in
      if case .epoch = event { epochs += 1 }
    }
    #expect(throws: TrainingError.interrupted) {
      try first.run()
    }
    try TrialWorker(job: job(halves, resume: true)) { _ in }.run()
    let left = try weights(whole)
    let right = try weights(halves)
    #expect(left == right)
  }

  @Test func aRateThatThrowsTheWeightsOutOfFloat32EndsAsDiverged() throws {
    var events: [TrialEvent] = []
    // Plans go up to 100, which clipping and normalisation may survive; squares of 1e30 are infinite.
    try TrialWorker(job: job(folder.path, rate: 1e30)) { events.append($0) }.run()
    guard case .failed(let reason, .diverged) = events.last else {
      Issue.record("the events are \(events)")
      return
    }
    #expect(reason.contains("is not finite; lower the learning rate"))
  }

  @Test func missingDataIsAFailureWithItsPlace() throws {
    var job = try job(folder.path)
    job = TrialJob(
      id: 1, stage: .structural, design: job.design, recipe: job.recipe,
      data: try JSON.decode(
        JSONValue.self,
        from:
          #"{"train": {"format": "voc", "annotations": "/nowhere"}, "validation": {"format": "shapes", "count": 1, "size": "64x64"}}"#,
        source: "test"),
      seed: 1, device: "cpu", threads: 1, directory: job.directory, resume: false)
    var events: [TrialEvent] = []
    try TrialWorker(job: job) { events.append($0) }.run()
    guard case .failed(let reason, .surroundings) = events.last else {
      Issue.record("the events are \(events)")
      return
    }
    #expect(reason.contains("/nowhere"))
  }

  @Test func unknownDeviceIsRefused() throws {
    let job = try job(folder.path)
    let elsewhere = TrialJob(
      id: 1, stage: .structural, design: job.design, recipe: job.recipe, data: job.data, seed: 1,
      device: "cuda:7", threads: 1, directory: job.directory, resume: false)
    #expect(throws: TrainingError.self) { _ = try TrialWorker(job: elsewhere, emit: { _ in }) }
  }
}
