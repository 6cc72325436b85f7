import DetBasics
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// Two generations of checkpoints: when the newest is damaged, the one before is taken, and said so.
@Suite(.serialized) struct CheckpointTests {
  private let temporary: TemporaryFolder
  private let folder: TrialFolder
  private let description: Checkpoint
  private let conditions = TrainingState.Conditions(data: "d", device: .cpu, threads: 1)

  init() throws {
    temporary = try TemporaryFolder()
    folder = TrialFolder(temporary.file("out"))
    description = Checkpoint(
      design: try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"),
      recipe: RecipePreset.small.recipe, classes: ["a"], categoryIDs: [1], tiles: nil, epochs: 0,
      seed: 1)
  }

  private func write(step: Int) throws {
    var state = TrainingState(conditions: conditions, progress: TrainingProgress(), imagesAtOnce: 1)
    for _ in 0..<step { state.progress.add([:], images: 1, seconds: 0, waiting: 0) }
    try description.write(
      [("w", Tensor([Float](repeating: Float(step), count: 500)))], state, to: folder)
  }

  private func saved() throws -> SavedTraining<Checkpoint>? {
    try TrainingFolder(folder, choice: .output, resume: true).savedState(
      for: description, conditions)
  }

  @Test func aNewestCheckpointCutAnywhereInItsLastKilobyteGivesWayToTheOneBefore() throws {
    try Files.makeFolder(folder.path)
    try write(step: 1)
    try write(step: 2)
    #expect(try saved()?.state?.progress.step == 2)
    let older = try Files.bytes(folder.previousCheckpoint)
    let newer = try Files.bytes(folder.checkpoint)
    for cut in 1...1024 {
      try newer.prefix(newer.count - cut).write(to: URL(fileURLWithPath: folder.checkpoint))
      try older.write(to: URL(fileURLWithPath: folder.previousCheckpoint))
      let saved = try saved()
      #expect(saved?.state?.progress.step == 1, "cut by \(cut)")
      #expect(saved?.note?.contains("the one before is, of epoch 1, step 1") == true)
      #expect(try saved?.file.tensor("w")?.floats().first == 1)
      // It is the newest now: the next checkpoint must not push it out.
      #expect(try Files.bytes(folder.checkpoint) == older)
    }
  }

  @Test func aChangedByteIsNoticedWhereverItIs() throws {
    try Files.makeFolder(folder.path)
    try write(step: 1)
    try write(step: 2)
    let older = try Files.bytes(folder.previousCheckpoint)
    let newer = try Files.bytes(folder.checkpoint)
    for place in stride(from: 8, to: newer.count, by: 97) {
      var damaged = newer
      damaged[place] ^= 4
      try damaged.write(to: URL(fileURLWithPath: folder.checkpoint))
      try older.write(to: URL(fileURLWithPath: folder.previousCheckpoint))
      #expect(try saved()?.state?.progress.step == 1, "byte \(place)")
    }
  }

  @Test func aKillBetweenTheTwoRenamingsLeavesTheOlderOne() throws {
    try Files.makeFolder(folder.path)
    try write(step: 1)
    try FileManager.default.moveItem(atPath: folder.checkpoint, toPath: folder.previousCheckpoint)
    try temporary.write("out/.17.4.smnas.tmp", "half a checkpoint")
    #expect(try saved()?.state?.progress.step == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.17.4.smnas.tmp"))
  }

  @Test func withoutAWholeOneTheNewestIsNamed() throws {
    try Files.makeFolder(folder.path)
    try write(step: 1)
    let bytes = try Files.bytes(folder.checkpoint)
    try bytes.prefix(bytes.count - 1).write(to: URL(fileURLWithPath: folder.checkpoint))
    let problem = thrown { try saved() }
    #expect(problem.contains(folder.checkpoint) && problem.contains("was cut off"), "\(problem)")
  }

  @Test func aCheckpointIsWrittenWhenTheLastIsOldAndNotTwice() throws {
    var now = 0.0
    var written: [Int] = []
    var state = TrainingState(conditions: conditions, progress: TrainingProgress(), imagesAtOnce: 1)
    let keeper = CheckpointKeeper(minutes: 2, state: state, clock: { now }) {
      written.append($0.progress.step)
    }
    try keeper.save(state)
    for step in 1...10 {
      now += 30
      state.progress.add([:], images: 1, seconds: 0, waiting: 0)
      try keeper.saveIfDue(state)
      if step == 6 {
        try keeper.save(state)
        try keeper.save(state)
      }
    }
    #expect(written == [4, 6, 10])
  }
}
