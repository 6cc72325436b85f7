import DetBasics
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetExecution

/// A store that is not what it was is told, and nothing is begun over it.
@Suite struct LostStoreTests {
  let sandbox: Sandbox
  let run: String

  init() throws {
    sandbox = try Sandbox()
    run = "\(sandbox.path)/run"
    try sandbox.search("run", sandbox.plan(), sandbox.worker(Sandbox.obedient), maxTrials: 6)
  }

  private var store: String { "\(run)/study.sqlite" }

  private func expectRefused(_ words: String) throws {
    let before = try? Files.bytes(store)
    let job = try Files.bytes("\(run)/trials/000001/job.json")
    #expect(thrown { try Run.resume(run, plan: sandbox.plan()) }.contains(words))
    #expect(thrown { try Run.begin(run, plan: sandbox.plan(), versions: [:]) } != "")
    #expect(try Files.bytes("\(run)/trials/000001/job.json") == job)
    #expect((try? Files.bytes(store)) == before)
  }

  @Test func aStoreThatIsGoneOrEmptyIsNotBegunAnew() throws {
    let finished = try RunSnapshot(run).trials.count(where: \.isFinished)
    try AtomicFile.write("", to: store)
    try expectRefused("is empty; put back a copy of it")
    #expect(thrown { try RunSnapshot(run) }.contains("holds no trials; put back a copy of it"))
    try FileManager.default.removeItem(atPath: store)
    try expectRefused("is gone; put back a copy of it")
    try expectRefused(
      "the folder trials beside it (6 trials, \(finished) with results, 0 with weights"
    )
    #expect(thrown { try RunSnapshot(run) }.contains("is gone; put back a copy of it"))
  }

  @Test func aStoreThatWasCutOffIsRefused() throws {
    let whole = try Files.bytes(store)
    for part in [0.2, 0.5, 0.9] {
      try AtomicFile.write(whole.prefix(Int(Double(whole.count) * part)), to: store)
      try expectRefused("put back a copy")
    }
    try AtomicFile.write(whole.prefix(50), to: store)
    try expectRefused("put back a copy")
  }

  @Test func aDamagedPageIsFoundBeforeAnythingIsBuiltOnIt() throws {
    var bytes = try Files.bytes(store)
    // The table of trials is among the first pages; its cells go.
    bytes.replaceSubrange(4096..<min(bytes.count, 5 * 4096), with: Data(count: 4 * 4096))
    try AtomicFile.write(bytes, to: store)
    try expectRefused("put back a copy")
  }

  @Test func anOlderStoreThanTheTrialsFoldersIsRefusedWithoutTheirRecords() throws {
    let older = try Files.bytes(store)
    try sandbox.search("run", sandbox.plan(), sandbox.worker(Sandbox.obedient), resume: true)
    try AtomicFile.write(older, to: store)
    try FileManager.default.removeItem(atPath: RunFolder(run).trial(7).record)
    try expectRefused("does not know the trials 7, 8, 9 and 10, which have folders")
  }

  @Test func aStoreThatGoesWhileTheSearchIsAtWorkPausesIt() throws {
    for number in 1...2 {
      let plan = try sandbox.plan()
      let path = "\(sandbox.path)/live\(number)"
      let run = try Run.begin(path, plan: plan, versions: [:])
      let coordinator = try Coordinator(
        settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
        runner: SubprocessRunner(
          command: sandbox.worker(Sandbox.obedient), plan: plan.runner), cost: Sandbox.cost)
      coordinator.onTrial = { trial in
        guard trial.id == 3 else { return }
        try? FileManager.default.removeItem(atPath: "\(path)/study.sqlite")
        if number == 2 { try? AtomicFile.write("other", to: "\(path)/study.sqlite") }
      }
      guard case .paused(let pause) = try coordinator.run() else {
        Issue.record("it went on")
        return
      }
      #expect(pause.cause == .fault(.storeUnusable))
      #expect(pause.reason.contains("was deleted or replaced while the search was at work"))
    }
  }

  @Test func aRunThatWasKilledWhileItsFolderWasMadeCanBeBegunAgain() throws {
    let plan = try sandbox.plan()
    let command = try sandbox.worker(Sandbox.obedient)
    let whole = try sandbox.search("whole", plan, command).trials
    // The last that was made goes first.
    let steps = ["plan.json", "facts.json", "versions.json", "study.sqlite", "lock", "trials"]
    for count in 1...steps.count {
      let path = "\(sandbox.path)/half\(count)"
      do { _ = try Run.begin(path, plan: plan, versions: [:]) }
      for name in steps.prefix(count) {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
      try AtomicFile.write("half", to: "\(path)/\(AtomicFile.temporaryName())")
      #expect(content(try sandbox.search("half\(count)", plan, command).trials) == content(whole))
    }
  }
}
