import DetBasics
import DetData
import DetModel
import DetSpec
import DetTeam
import DetTensor
import Foundation
import Synchronization
import TensorTestSupport
import TestSupport
import Testing

@testable import DetTraining

/// Several ranks learn as one process does that has all their images.
@Suite(.serialized) struct TeamTrainingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static func dataset(_ count: Int = 12) throws -> Dataset {
    try Dataset.load(
      .shapes(
        count: count, size: PixelSize(width: 96, height: 64), seed: 1,
        classes: ["circle", "square"]))
  }

  private static func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = 3
    recipe.batch = 6
    recipe.norm = .group
    recipe.weightAverage = 0.9
    recipe.learningRate.from = 0.01
    recipe.learningRate.to = 0
    recipe.learningRate.atBatch = nil
    change(&recipe)
    return recipe
  }

  /// The losses of every step, and the weights in the end.
  private static func training(
    _ design: String, _ recipe: Recipe, _ team: any Team
  ) throws -> (losses: [[String: Double]], weights: [[Float]]) {
    Torch.threads = 1
    let detector = try Detector(
      DetectorDesign(text: design), classes: 2, recipe: recipe,
      seed: team.isFirst ? 5 : 6)  // all begin with the weights of rank 0
    let trainer = try Trainer(
      detector: detector, recipe: recipe, dataset: dataset(), seed: 5, team: team)
    try trainer.shareState()
    var losses: [[String: Double]] = []
    for _ in 0..<recipe.epochs { _ = try trainer.trainEpoch(stepped: { losses.append($0.losses) }) }
    return (losses, trainer.state.map { $0.tensor.floats() })
  }

  /// Which regions are proposed jumps with the last bit of a score, as between one thread and two: behind proposals the
  /// first three steps are compared, elsewhere all six and the weights.
  @Test(
    arguments: [
      ("96x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn", 3),
      ("96x64 | resnet18 8 | fpn P1-P3 16 | none | retinanet", 6),
      ("96x64 | resnet18 8 | fpn P1-P3 16 | ga-rpn | cascade 2", 3),
    ], [2, 3])
  func ranksWithAShareOfEveryBatchLearnAsOneProcess(
    _ design: (text: String, steps: Int), _ ranks: Int
  ) throws {
    let recipe = Self.recipe()
    let text = design.text
    let alone = try Self.training(text, recipe, Alone())
    #expect(alone.losses.count == 6)
    let together = try TeamThreads.run(ranks) { try Self.training(text, recipe, $0) }
    for rank in together {
      for (step, (found, expected)) in zip(rank.losses.prefix(design.steps), alone.losses)
        .enumerated()
      {
        for (name, value) in expected {
          let difference = abs((found[name] ?? .nan) - value) / max(1, abs(value))
          #expect(difference < 1e-5, "step \(step), \(name): \(found[name] ?? .nan), \(value)")
        }
      }
      #expect(rank.weights == together[0].weights)
    }
    guard design.steps == 6 else { return }
    let differences = zip(together[0].weights, alone.weights).map { largestDifference($0, $1) }
    #expect((differences.max() ?? 1) < 1e-4)
  }

  @Test func partsOfSharesAddUpToo() throws {
    let design = "96x64 | resnet18 8 | fpn P1-P3 16 | none | retinanet"
    let alone = try Self.training(design, Self.recipe(), Alone())
    let recipe = Self.recipe { $0.microBatch = 1 }
    let together = try TeamThreads.run(2) { try Self.training(design, recipe, $0) }
    for (found, expected) in zip(together[1].losses, alone.losses) {
      for (name, value) in expected { #expect(abs((found[name] ?? .nan) - value) < 1e-4) }
    }
  }

  @Test func aBatchWithoutEqualSharesIsRefused() throws {
    let error = #expect(throws: TeamError.self) {
      try TeamThreads.run(4) { team in
        try Trainer(
          detector: Detector(
            DetectorDesign(text: "96x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn"), classes: 2,
            recipe: Self.recipe(), seed: 5), recipe: Self.recipe(), dataset: Self.dataset(),
          seed: 5, team: team
        ).finishedEpochs
      }
    }
    let told = try #require(error).description
    #expect(told.contains("a batch of 6 has no 4 equal shares"), "\(told)")
  }

  // MARK: - Whole trials

  /// The events of each rank.
  private static func trial(
    _ ranks: Int, _ job: @escaping @Sendable (Int) throws -> TrialJob,
    _ stop: @escaping @Sendable (Int, Int) throws -> Bool = { _, _ in false }
  ) throws -> [[TrialEvent]] {
    try TeamThreads.run(ranks) { team in
      var events: [TrialEvent] = []
      var asked = 0
      let worker = try TrialWorker(
        job: job(team.rank), choice: .output, team: team,
        shouldStop: {
          asked += 1
          guard let stops = try? stop(team.rank, asked) else {
            team.leave(because: "the test says so")
            return false
          }
          return stops
        }
      ) { events.append($0) }
      do { try worker.run() } catch TrainingError.interrupted {}
      return events
    }
  }

  private static func metrics(_ events: [TrialEvent]) -> [Int: [String: Double]] {
    var found: [Int: [String: Double]] = [:]
    for case .epoch(let epoch, let metrics) in events {
      found[epoch] = metrics.filter { $0.key != "imagesPerSecond" && $0.key != "waiting" }
    }
    return found
  }

  private static func job(_ directory: String, resume: Bool = false) throws -> TrialJob {
    try ResumeTests.job(directory, resume: resume) {
      $0.microBatch = nil
      $0.norm = .group
    }
  }

  @Test func rankZeroWritesAndReportsWhatOneProcessWould() throws {
    let (one, two) = (folder.file("one"), folder.file("two"))
    let alone = try Self.trial(1) { _ in try Self.job(one) }[0]
    let together = try Self.trial(2) { rank in
      try Self.job(rank == 0 ? two : "/nowhere/that/anybody/writes")
    }
    #expect(together[1].count == 2)
    #expect(together[1].last == .finished(metrics: ["seconds": together[1].seconds]))
    let (found, expected) = (Self.metrics(together[0]), Self.metrics(alone))
    #expect(found.keys.sorted() == [1, 2])
    let difference = abs((found[1]?["loss"] ?? .nan) - (expected[1]?["loss"] ?? 0))
    #expect(difference < 1e-5)
    #expect(found[1]?["AP"] != nil && found[2]?["AP"] != nil)
    for name in ["weights.safetensors", "detections.json", "detections.png"] {
      #expect(FileManager.default.fileExists(atPath: "\(two)/\(name)"))
    }
  }

  @Test func whatOneRankIsAskedAllDoAndGoOnTogether() throws {
    let (whole, parts) = (folder.file("whole"), folder.file("parts"))
    let expected = Self.metrics(try Self.trial(2) { _ in try Self.job(whole) }[0])
    // Rank 1 alone is asked to stop, before step 2.
    let first = try Self.trial(2, { _ in try Self.job(parts) }) { rank, asked in
      rank == 1 && asked == 2
    }
    #expect(Self.metrics(first[0]).isEmpty && first[1].count == 1)
    let second = try Self.trial(2) { _ in try Self.job(parts, resume: true) }
    #expect(Self.metrics(second[0]) == expected)
    #expect(
      try Files.bytes("\(whole)/weights.safetensors")
        == Files.bytes("\(parts)/weights.safetensors"))
  }

  @Test func aRankThatFailsEndsTheTrialWithItsCheckpoint() throws {
    let (whole, parts) = (folder.file("whole"), folder.file("parts"))
    _ = try Self.trial(2) { _ in try Self.job(whole) }
    struct Broken: Error {}
    let first = try Self.trial(2, { _ in try Self.job(parts) }) { rank, asked in
      if rank == 1, asked == 3 { throw Broken() }
      return false
    }
    guard case .failed(let reason, _)? = first[0].last else {
      Issue.record("\(first[0])")
      return
    }
    #expect(reason == "rank 1 could not go on: the test says so")
    #expect(FileManager.default.fileExists(atPath: "\(parts)/checkpoint.safetensors"))
    _ = try Self.trial(2) { _ in try Self.job(parts, resume: true) }
    #expect(
      try Files.bytes("\(whole)/weights.safetensors")
        == Files.bytes("\(parts)/weights.safetensors"))
  }

  @Test func whatBeginsAgainAsksAllOthersOnceTheCheckpointIsWritten() throws {
    let path = folder.file("out")
    let asked = try TeamThreads.run(2) { team -> TeamError? in
      var steps = 0
      let worker = try TrialWorker(
        job: Self.job(path), choice: .output, team: team,
        shouldStop: {
          steps += 1
          if team.rank == 1, steps == 3 { (team as? RingTeam)?.leave(beginningAgain: "1 memory") }
          return false
        }
      ) { _ in }
      do {
        try worker.run()
        return nil
      } catch let error as TeamError {
        return error
      }
    }
    #expect(asked[0] == .beginsAgain(1, request: "1 memory"))
    #expect(FileManager.default.fileExists(atPath: "\(path)/checkpoint.safetensors"))
  }

  @Test func ranksWithDifferentJobsAreRefusedByName() throws {
    let path = folder.file("out")
    let events = try Self.trial(2) { rank in
      try ResumeTests.job(path) { $0.epochs = rank == 0 ? 2 : 3 }
    }
    for rank in events {
      guard case .failed(let reason, _)? = rank.last else {
        Issue.record("\(rank)")
        continue
      }
      #expect(reason.contains("rank 1 was given something else than rank 0: recipe.epochs"))
    }
  }

  @Test func aTrainingOfTwoIsNotGoneOnWithByOne() throws {
    let path = folder.file("out")
    _ = try Self.trial(2, { _ in try Self.job(path) }) { _, asked in asked == 2 }
    let events = try Self.trial(1) { _ in try Self.job(path, resume: true) }
    guard case .failed(let reason, _)? = events[0].last else {
      Issue.record("\(events)")
      return
    }
    #expect(reason.contains("processes"))
  }
}

extension [TrialEvent] {
  fileprivate var seconds: Double {
    if case .finished(let metrics)? = last { metrics["seconds"] ?? 0 } else { 0 }
  }
}
