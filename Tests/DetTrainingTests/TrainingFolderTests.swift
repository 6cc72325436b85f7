import DetBasics
import DetData
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// What is in a training's folder stays, whoever made it, unless it is the same training's that was stopped.
@Suite(.serialized) struct TrainingFolderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let shapes = #"""
    {"train": {"format": "shapes", "count": 4, "size": "64x64", "seed": 1, "classes": ["circle"]},
     "validation": {"format": "shapes", "count": 1, "size": "64x64", "seed": 2, "classes": ["circle"]}}
    """#

  private func job(
    epochs: Int = 2, design: String = "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet",
    seed: UInt64 = 5, resume: Bool = false, pretrained: String? = nil
  ) throws -> TrialJob {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = epochs
    recipe.batch = 2
    recipe.pretrained = pretrained
    recipe.latency = LatencySettings(warmupRuns: 1, runs: 1)
    return TrialJob(
      id: 0, stage: nil, design: try DetectorDesign(text: design), recipe: recipe,
      data: try JSON.decode(JSONValue.self, from: Self.shapes, source: "test"), seed: seed,
      device: "cpu", threads: 1, directory: folder.file("out"), resume: resume)
  }

  /// Trains, and gives the reason of a failure; nil when it finished, "stopped" after `epochs`.
  private func train(_ job: TrialJob, stopAfter epochs: Int = .max) throws -> String? {
    var reason: String?
    var done = 0
    let worker = try TrialWorker(
      job: job, choice: .output, callerWrites: [job.folder.job, job.folder.events],
      shouldStop: { done >= epochs }
    ) { event in
      if case .failed(let why, _) = event { reason = why }
      if case .epoch(let epoch, _) = event { done = epoch }
    }
    do { try worker.run() } catch TrainingError.interrupted { return "stopped" }
    return reason
  }

  private func contents() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
      .filter { $0 != "tensorboard" }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Files.bytes(folder.file("out/\($0)"))) })
  }

  @Test func aFinishedTrainingSaysSoAndChangesNothing() throws {
    #expect(try train(job()) == nil)
    let before = try contents()
    let other = "64x64 | resnet18 16 | fpn P1-P2 16 | none | retinanet"
    for job in [
      try job(), try job(resume: true), try job(epochs: 4), try job(epochs: 4, resume: true),
      try job(design: other), try job(design: other, resume: true),
    ] {
      let reason = try #require(try train(job))
      #expect(
        reason
          == "\(folder.file("out")): holds a finished training, which is not changed; start another with "
          + "--weights \(folder.file("out"))/weights.safetensors and another --output")
      #expect(try contents() == before)
    }
  }

  @Test func aStoppedTrainingGoesOnOnlyAsItself() throws {
    #expect(try train(job(), stopAfter: 1) == "stopped")
    let before = try contents()
    #expect(before.keys.sorted() == ["checkpoint.safetensors"])
    let other = "64x64 | resnet18 16 | fpn P1-P2 16 | none | retinanet"
    let changed: [(TrialJob, String)] = [
      (try job(epochs: 4, resume: true), "recipe.epochs: 2 → 4"),
      (try job(epochs: 4), "recipe.epochs: 2 → 4"),
      (try job(design: other, resume: true), "resnet18 16"),
      (try job(seed: 6, resume: true), "seed: 5 → 6"),
    ]
    for (job, essence) in changed {
      let reason = try #require(try train(job))
      #expect(reason.contains("is of another training; changed: ") && reason.contains(essence))
      #expect(reason.contains("choose another --output") && !reason.contains("--resume"))
      #expect(try contents() == before)
    }
    #expect(
      try train(job())
        == "\(folder.file("out")): holds this training under way; add --resume to go on with it, "
        + "or choose another --output")
    #expect(try contents() == before)
    // Where it once began from is of no account any more.
    #expect(try train(job(resume: true)) == nil)
  }

  @Test(arguments: [
    "MODEL.md", "weights.safetensors", "checkpoint.safetensors", "detections.json",
    "detections.png",
    "job.json",
    "events.jsonl",
  ])
  func aFileOfTheUsersIsNamedAndStays(name: String) throws {
    try folder.write("out/\(name)", "mine")
    for resume in [false, true] {
      let reason = try #require(try train(job(resume: resume)))
      #expect(reason.contains(folder.file("out/\(name)")), "\(reason)")
      #expect(try contents() == [name: Data("mine".utf8)])
    }
  }

  @Test func aTrainingThatCannotStartLeavesNothing() throws {
    let reason = try #require(try train(job(pretrained: "/nowhere.pth")))
    #expect(reason.contains("/nowhere.pth"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }
}
