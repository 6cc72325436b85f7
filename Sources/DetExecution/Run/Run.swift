import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// A plan that is carried out in a folder: begun, or resumed, by one coordinator at a time.
package final class Run {
  /// The folder.
  package let folder: RunFolder
  /// The plan.
  package let plan: Plan
  /// The trials.
  package let store: Store
  private let lock: FileLock

  private init(folder: RunFolder, plan: Plan, store: Store, lock: FileLock) {
    self.folder = folder
    self.plan = plan
    self.store = store
    self.lock = lock
  }

  /// Begins a run in a new or empty folder.
  package static func begin(_ path: String, plan: Plan, versions: [String: String]) throws -> Run {
    let folder = RunFolder(path)
    if hasBegun(folder) {
      throw ExecutionError.run(
        path: path, problem: "holds a run already",
        cure: "add --resume to continue it, or choose another folder")
    }
    let strangers = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let own = Set([folder.lock, folder.versions].map { ($0 as NSString).lastPathComponent })
    if let stranger = strangers.sorted().first(where: { !own.contains($0) }) {
      throw ExecutionError.run(
        path: path, problem: "is not empty (it holds \(stranger))",
        cure: "choose a new folder, so that nothing of yours is overwritten")
    }
    try Files.makeFolder(folder.trials)
    let lock = try take(folder)
    try AtomicFile.write(JSON.text(versions, pretty: true) + "\n", to: folder.versions)
    let store = try Store(path: folder.store)
    try store.setFact("plan", JSON.text(plan))
    // The plan is written last: a folder with a plan holds a run.
    try AtomicFile.write(JSON.text(plan, pretty: true) + "\n", to: folder.plan)
    return Run(folder: folder, plan: plan, store: store, lock: lock)
  }

  /// Resumes a run. The plan may be left out; if it is given it must describe the same search.
  package static func resume(_ path: String, plan: Plan?) throws -> Run {
    let folder = RunFolder(path)
    guard hasBegun(folder) else {
      throw ExecutionError.run(
        path: path, problem: "holds no run to resume", cure: "leave --resume out to begin one")
    }
    let lock = try take(folder)
    let earlier = try Plan(file: folder.plan)
    let store = try Store(path: folder.store)
    guard let plan, plan != earlier else {
      return Run(folder: folder, plan: earlier, store: store, lock: lock)
    }
    let hasBegunTwo = try store.trials().contains { $0.stage == .modular }
    let changes = try earlier.changes(in: plan, stageTwoHasBegun: hasBegunTwo)
    guard changes.isEmpty else {
      throw ExecutionError.run(
        path: path,
        problem: "was begun with another plan; changed: \(changes.joined(separator: "; "))",
        cure: "change it back, or begin a new run in another folder")
    }
    try store.setFact("plan", JSON.text(plan))
    try AtomicFile.write(JSON.text(plan, pretty: true) + "\n", to: folder.plan)
    return Run(folder: folder, plan: plan, store: store, lock: lock)
  }

  private static func hasBegun(_ folder: RunFolder) -> Bool {
    FileManager.default.fileExists(atPath: folder.plan)
  }

  private static func take(_ folder: RunFolder) throws -> FileLock {
    if let lock = try FileLock(folder.lock) { return lock }
    let holder = FileLock.holder(folder.lock).map { " (process \($0))" } ?? ""
    throw ExecutionError.run(
      path: folder.path, problem: "is being worked on by another search\(holder)",
      cure: "wait for it, stop it, or choose another folder")
  }
}

/// A read-only view of a run, valid also while a search is running in it.
package struct RunSnapshot: Sendable {
  /// The folder.
  package let folder: RunFolder
  /// The plan.
  package let plan: Plan
  /// All trials by number.
  package let trials: [Trial]
  /// Whether a coordinator works in the folder now.
  package let isActive: Bool
  /// When the first trial was suggested, in seconds since 1970.
  package let beginning: Double?

  /// Reads a run's folder.
  package init(_ path: String) throws {
    folder = RunFolder(path)
    guard FileManager.default.fileExists(atPath: folder.store) else {
      throw ExecutionError.run(
        path: path, problem: "holds no run", cure: "name the folder given to search --run")
    }
    plan = try Plan(file: folder.plan)
    let store = try Store(reading: folder.store)
    trials = try store.trials()
    beginning = try store.beginning()
    isActive = FileLock.isHeld(folder.lock)
  }

  /// The front of a stage; nil when the plan leaves the stage out.
  package func front(of stage: SearchStage) -> Front? {
    let objectives = plan.objectives(of: stage)
    return objectives.isEmpty ? nil : Front(of: trials, stage: stage, objectives: objectives)
  }

  /// The latest stage that has finished trials; the plan's first stage without any.
  package var latestStage: SearchStage {
    let stages = plan.stages
    return stages.last { stage in trials.contains { $0.stage == stage && $0.isFinished } }
      ?? stages.first ?? .structural
  }

  /// What the worker of a trial reported.
  package func events(ofTrial id: Int) throws -> [TrialEvent] {
    try Store(reading: folder.store).events(ofTrial: id)
  }
}
