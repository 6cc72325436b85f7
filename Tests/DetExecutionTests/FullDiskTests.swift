import DetBasics
import DetExecution
import DetSearch
import Foundation
import TestSupport
import Testing

/// Real file systems that are full or may only be read.
@Suite(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
struct FullDiskTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test(arguments: [1, 2, 5, 9])
  func aDiskThatFillsAtAnyTrialPausesAndWithRoomNothingDiffers(_ filling: Int) throws {
    let disk = try SmallDisk(mebibytes: 4)
    let filler = "\(disk.path)/filler"
    // The worker of one trial takes all the room there is; from then on every write fails, the search's own first.
    let command = try sandbox.worker(
      """
      if [ ! -e '\(sandbox.path)/mended' ] && [ "$(basename "$directory")" -ge \(filling) ]; then
        cat /dev/zero >>'\(filler)' 2>/dev/null
      fi
      """ + "\n" + Sandbox.obedient)
    let plan = try sandbox.plan()
    let path = "\(disk.path)/run"
    let end = try SearchOnDisk.run(path, plan, command, resume: false)
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(pause.cause == .fault(.diskFull))
    let kept = try RunSnapshot(path).trials
    #expect(kept.allSatisfy { $0.outcome?.kind != .crashed })
    try FileManager.default.removeItem(atPath: filler)
    try AtomicFile.write("", to: "\(sandbox.path)/mended")
    #expect(try SearchOnDisk.run(path, plan, command, resume: true) == .complete)
    let whole = try sandbox.search("whole", plan, command).trials
    #expect(content(try RunSnapshot(path).trials) == content(whole))
  }
}

/// A search in a folder of any place.
enum SearchOnDisk {
  static func run(
    _ path: String, _ plan: Plan, _ command: [String], resume: Bool, maxTrials: Int = .max
  ) throws -> Coordinator.End {
    let run =
      try resume ? Run.resume(path, plan: plan) : Run.begin(path, plan: plan, versions: [:])
    var settings = Coordinator.Settings(plan: run.plan, stages: run.plan.stages, folder: run.folder)
    settings.maxTrials = maxTrials
    let coordinator = try Coordinator(
      settings: settings, store: run.store,
      runner: SubprocessRunner(command: command, plan: run.plan.runner), cost: Sandbox.cost)
    return try coordinator.run()
  }
}
