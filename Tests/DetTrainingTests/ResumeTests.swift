import DetBasics
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// A training that is stopped anywhere and goes on ends as one that was never stopped, bit for bit.
@Suite(.serialized) struct ResumeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static func job(
    _ directory: String, resume: Bool = false, threads: Int = 1, id: Int = 0,
    images: Int = 12, change: (inout Recipe) -> Void = { _ in }, budget: Double? = nil,
    checkpointMinutes: Double? = nil
  ) throws -> TrialJob {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = 2
    recipe.batch = 4
    recipe.microBatch = 2
    recipe.weightAverage = 0.9
    recipe.evaluateEvery = 1
    recipe.latency = LatencySettings(warmupRuns: 1, runs: 1)
    change(&recipe)
    let data = """
      {"train": {"format": "shapes", "count": \(images), "size": "64x64", "seed": 1, "classes": ["circle"]},
       "validation": {"format": "shapes", "count": 2, "size": "64x64", "seed": 2, "classes": ["circle"]}}
      """
    return TrialJob(
      id: id, stage: nil,
      design: try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"),
      recipe: recipe, data: try JSON.decode(JSONValue.self, from: data, source: "test"), seed: 5,
      device: "cpu", threads: threads, directory: directory, resume: resume,
      checkpointMinutes: checkpointMinutes, budgetMinutes: budget)
  }

  /// The events of a run that is stopped when it has asked so often; `nil` never stops it.
  private func events(_ job: TrialJob, stopAt: Int? = nil) throws -> [TrialEvent] {
    var events: [TrialEvent] = []
    var asked = 0
    let worker = try TrialWorker(
      job: job, choice: .output,
      shouldStop: {
        asked += 1
        return asked == stopAt
      }
    ) { events.append($0) }
    do { try worker.run() } catch TrainingError.interrupted {}
    return events
  }

  private func failure(_ events: [TrialEvent]) -> String? {
    if case .failed(let reason, _)? = events.last { reason } else { nil }
  }

  private func losses(_ events: [TrialEvent]) -> [Int: [String: Double]] {
    var found: [Int: [String: Double]] = [:]
    for case .epoch(let epoch, let metrics) in events {
      found[epoch] = metrics.filter { $0.key != "imagesPerSecond" && $0.key != "waiting" }
    }
    return found
  }

  @Test func stoppedAtAnyStepOrEvaluatedImageItGoesOnAsIfNothingHadHappened() throws {
    let whole = folder.file("whole")
    let expected = losses(try events(Self.job(whole)))
    let weights = try Files.bytes("\(whole)/weights.safetensors")
    let detections = try Files.bytes("\(whole)/detections.json")
    // Asked before each of 6 steps and of 4 evaluated images.
    for moment in 1...10 {
      let part = folder.file("part-\(moment)")
      var seen = losses(try events(Self.job(part), stopAt: moment))
      #expect(!FileManager.default.fileExists(atPath: "\(part)/weights.safetensors"))
      seen.merge(losses(try events(Self.job(part, resume: true)))) { $1 }
      #expect(seen == expected, "stopped at \(moment)")
      #expect(try Files.bytes("\(part)/weights.safetensors") == weights, "stopped at \(moment)")
      #expect(try Files.bytes("\(part)/detections.json") == detections)
      let left = try FileManager.default.contentsOfDirectory(atPath: part)
      #expect(!left.contains { $0.contains("checkpoint") || $0.hasPrefix(".") })
    }
    // And stopped again and again; an evaluation of two images must have the time to end.
    let often = folder.file("often")
    var runs = 0
    while !FileManager.default.fileExists(atPath: "\(often)/weights.safetensors"), runs < 20 {
      _ = try events(Self.job(often, resume: runs > 0), stopAt: 3)
      runs += 1
    }
    #expect(runs > 5)
    #expect(try Files.bytes("\(often)/weights.safetensors") == weights)
  }

  @Test func theBestWeightsAreLeftWhereTheRecipeKeepsThemAlsoAfterAStop() throws {
    func weights(_ path: String) throws -> TensorFile {
      try TensorFile.open(TrialFolder(path).weights)
    }
    func values(_ path: String) throws -> [String: [Float]] {
      try weights(path).tensors().mapValues { $0.floats() }
    }
    // After one or two epochs nothing is found: equally accurate, the first is the best.
    let first = folder.file("first")
    // At a constant rate, so that the first epoch is the same however many there are.
    func constant(_ recipe: inout Recipe) {
      (recipe.learningRate.to, recipe.learningRate.warmupSteps) = (recipe.learningRate.from, 0)
    }
    func keeping(_ recipe: inout Recipe) {
      constant(&recipe)
      recipe.keeps = .best
    }
    func single(_ recipe: inout Recipe) {
      constant(&recipe)
      recipe.epochs = 1
    }
    _ = try events(Self.job(first, change: single))
    let whole = folder.file("whole")
    guard case .finished(let metrics)? = try events(Self.job(whole, change: keeping)).last else {
      Issue.record("it did not finish")
      return
    }
    #expect(metrics["bestEpoch"] == 1 && metrics["AP"] == metrics["bestAP"])
    #expect(try Checkpoint.read(TrialFolder(whole).weights).0.epochs == 1)
    #expect(try values(whole) == values(first))
    for moment in [5, 9] {
      let part = folder.file("part-\(moment)")
      _ = try events(Self.job(part, change: keeping), stopAt: moment)
      _ = try events(Self.job(part, resume: true, change: keeping))
      #expect(
        try Files.bytes("\(part)/weights.safetensors")
          == Files.bytes("\(whole)/weights.safetensors"))
    }
  }

  @Test func aKillAfterTheLastEpochCostsNothing() throws {
    let path = folder.file("out")
    struct Killed: Error {}
    var epochs = 0
    // The latency is measured when everything else is done; the failing report stands for a kill.
    let worker = try TrialWorker(job: Self.job(path), choice: .output) { event in
      if case .epoch = event { epochs += 1 }
      if case .latency = event { throw Killed() }
      if case .failed = event { throw Killed() }
    }
    #expect(throws: Killed.self) { try worker.run() }
    #expect(epochs == 2)
    let again = try events(Self.job(path, resume: true))
    #expect(losses(again).isEmpty)
    guard case .finished(let metrics)? = again.last else {
      Issue.record("\(again)")
      return
    }
    #expect(metrics["loss"] != nil && metrics["bestEpoch"] != nil)
  }

  @Test func whatTheNumbersDependOnMustBeTheSameAndIsNamed() throws {
    let path = folder.file("out")
    _ = try events(Self.job(path), stopAt: 3)
    let before = try Files.bytes("\(path)/checkpoint.safetensors")
    let changed: [(TrialJob, String)] = [
      (try Self.job(path, resume: true, threads: 2), "changed: threads: 1 → 2"),
      (try Self.job(path, resume: true, images: 13), "changed: data: "),
      (
        try Self.job(path, resume: true, change: { $0.momentum = 0.5 }),
        "recipe.momentum: 0.9 → 0.5"
      ),
    ]
    for (job, words) in changed {
      #expect(failure(try events(job))?.contains(words) == true, "\(words)")
      #expect(try Files.bytes("\(path)/checkpoint.safetensors") == before)
    }
    // A search has now these threads free and now those: what was begun goes on with its own.
    let trial = try events(Self.job(path, resume: true, threads: 2, id: 7))
    #expect(
      trial.contains(.notice("with the 1 threads that the training began with, not 2")))
    #expect(failure(trial) == nil)
  }

  @Test func theTimeThatItWasGivenEndsItWithACheckpoint() throws {
    let path = folder.file("out")
    let short = try events(Self.job(path, budget: 0))
    guard case .failed(let reason, .outOfTime)? = short.last else {
      Issue.record("\(short)")
      return
    }
    #expect(reason.contains("are used up"))
    let (checkpoint, file) = try Checkpoint.read("\(path)/checkpoint.safetensors")
    let text = try #require(file.metadata[TrainingState.metadataKey])
    let state = try JSON.decode(TrainingState.self, from: text, source: "test")
    #expect(checkpoint.epochs == 0 && state.progress.step == 1)
    #expect(failure(try events(Self.job(path, resume: true))) == nil)
  }
}
