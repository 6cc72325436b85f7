import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

/// Looking at a run needs to write nothing, and leaves the run as it is.
@Suite struct LookingTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func bytes(_ folder: String) throws -> [String: Data] {
    let all = try names(folder).filter { !$0.hasPrefix("trials") && !$0.hasSuffix("-shm") }
    return Dictionary(
      uniqueKeysWithValues: try all.map { ($0, try Files.bytes("\(folder)/\($0)")) })
  }

  @Test func lookingAtARunAtRestMakesNoFile() throws {
    let trials = try sandbox.search("run", sandbox.plan(), sandbox.worker(Sandbox.obedient)).trials
    let folder = "\(sandbox.path)/run"
    let before = try bytes(folder)
    #expect(before["study.sqlite-wal"] == nil)
    #expect(try RunSnapshot(folder).trials == trials)
    #expect(try !RunSnapshot(folder).events(ofTrial: 1).isEmpty)
    #expect(try bytes(folder) == before)
    #expect(try !names(folder).contains("study.sqlite-shm"))
  }

  /// A run of a search that was killed: its last words stand in the files beside the store.
  private func killed() throws -> (folder: String, trials: [Trial]) {
    let plan = try sandbox.plan()
    let run = try Run.begin("\(sandbox.path)/live", plan: plan, versions: [:])
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
      runner: SubprocessRunner(
        command: sandbox.worker(Sandbox.obedient), plan: plan.runner), cost: Sandbox.cost)
    _ = try coordinator.run()
    let folder = "\(sandbox.path)/killed"
    // While the store is open, all of a short run is in its -wal.
    try FileManager.default.copyItem(atPath: run.folder.path, toPath: folder)
    #expect(try Files.bytes("\(folder)/study.sqlite-wal").count > 10_000)
    return (folder, try run.store.trials())
  }

  @Test func aRunInUseAndOneThatAKilledSearchLeftAreReadInFull() throws {
    let (folder, trials) = try killed()
    #expect(try RunSnapshot("\(sandbox.path)/live").trials == trials)
    let before = try bytes(folder)
    #expect(try RunSnapshot(folder).trials == trials)
    #expect(try bytes(folder) == before)
    try FileManager.default.removeItem(atPath: "\(folder)/study.sqlite-shm")
    #expect(try RunSnapshot(folder).trials == trials)
    #expect(try bytes(folder) == before)
    #expect(try !names(folder).contains("study.sqlite-shm"))
  }

  @Test(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
  func everyStateOfARunIsReadOnAPlaceThatMayOnlyBeRead() throws {
    let (killed, trials) = try killed()
    try sandbox.search("rest", sandbox.plan(), sandbox.worker(Sandbox.obedient))
    let disk = try SmallDisk(mebibytes: 16)
    let states: [(name: String, source: String, missing: [String])] = [
      ("closed", "\(sandbox.path)/rest", []), ("left", killed, []),
      ("without shm", killed, ["-shm"]), ("what? #1 100%", killed, ["-shm"]),
    ]
    for state in states {
      let folder = "\(disk.path)/\(state.name)"
      try FileManager.default.copyItem(atPath: state.source, toPath: folder)
      for ending in state.missing {
        try FileManager.default.removeItem(atPath: "\(folder)/study.sqlite\(ending)")
      }
    }
    try disk.remount("ro")
    for state in states {
      let found = try RunSnapshot("\(disk.path)/\(state.name)")
      #expect(content(found.trials) == content(trials), "\(state.name)")
      #expect(!found.isActive)
      #expect(found.fronts(of: .structural)?.members.isEmpty == false)
    }
  }
}
