import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// A plan that is carried out in a folder: begun, or resumed, by one coordinator at a time.
package final class Run {
  /// The folder.
  package let folder: RunFolder
  /// The plan, with paths as this process uses them.
  package let plan: Plan
  /// The trials.
  package let store: Store
  /// The trials of which the store had lost something when the run was resumed, and that were put back from their own records.
  package let mended: [Int]
  private let lock: FileLock

  private init(
    folder: RunFolder, plan: Plan, store: Store, lock: FileLock, mended: [Int] = []
  ) {
    self.folder = folder
    self.plan = plan
    self.store = store
    self.lock = lock
    self.mended = mended
  }

  /// Begins a run in a new or empty folder, or in one where it was killed while it was begun.
  package static func begin(
    _ path: String, plan: PlacedPlan, versions: [String: String]
  ) throws -> Run {
    let folder = RunFolder(path)
    if folder.isBegun {
      throw ExecutionError.run(
        path: path, problem: "holds a run already",
        cure: "add --resume to continue it, or choose another folder")
    }
    if let stranger = folder.stranger {
      throw ExecutionError.run(
        path: path, problem: "is not empty (it holds \(stranger))",
        cure: "choose a new folder, so that nothing of yours is overwritten")
    }
    try Files.makeFolder(folder.trials)
    let lock = try take(folder)
    try folder.placeStore(local: plan.written.runner.slurm?.store)
    let store = try Store(path: folder.store, folder: folder)
    guard try store.trials().isEmpty else {
      throw ExecutionError.run(
        path: path, problem: "holds the trials of a run already",
        cure: "add --resume to continue it, or choose another folder")
    }
    try AtomicFile.write(JSON.text(versions, pretty: true) + "\n", to: folder.versions)
    try KeptPlan.write(plan, store, folder)
    return Run(folder: folder, plan: try plan.used(), store: store, lock: lock)
  }

  /// Resumes a run. The plan may be left out; if it is given it must describe the same search.
  package static func resume(_ path: String, plan: PlacedPlan?) throws -> Run {
    let folder = RunFolder(path)
    guard folder.isBegun || FileManager.default.fileExists(atPath: folder.store) else {
      throw ExecutionError.run(
        path: path, problem: "holds no run to resume", cure: "leave --resume out to begin one")
    }
    let lock = try take(folder)
    do {
      let store = try Store(resuming: folder.store, folder: folder)
      return try open(folder, store, plan: plan, lock: lock)
    } catch ExecutionError.lost(let path, let problem, _) {
      throw ExecutionError.lost(path: path, problem: problem, left: folder.whatTrialsLeft)
    }
  }

  /// Takes up what a run's store and the records of its trials hold.
  static func open(
    _ folder: RunFolder, _ store: Store, plan: PlacedPlan?, lock: FileLock
  ) throws -> Run {
    let mended = try store.reconcile()
    let trials = try store.trials()
    try checkFolders(folder, trials)
    let kept = try KeptPlan(store, folder)
    guard let plan = plan?.without(kept.lateKeys) else {
      return Run(
        folder: folder, plan: kept.own ?? kept.written, store: store, lock: lock, mended: mended)
    }
    // What a run was begun with is its first stage, before that has a trial, too.
    let begun = Set(trials.map(\.stage) + kept.written.stages.prefix(1))
    let changes = try kept.changes(in: plan, run: folder, begun: begun)
    guard changes.isEmpty else {
      throw ExecutionError.run(
        path: folder.path,
        problem: "was begun with another plan; changed: \(changes.joined(separator: "; "))",
        cure: "change it back, or begin a new run in another folder")
    }
    if !kept.isOwn(plan, folder) {
      try KeptPlan.write(plan, without: kept.lateKeys, store, folder)
    }
    return Run(
      folder: folder, plan: try plan.used(), store: store, lock: lock, mended: mended)
  }

  /// Takes back the outcomes of trials that ended without results, so that they are done again; gives their numbers.
  ///
  /// Once a stage has begun, those of the stages before stay as they are: it builds on them.
  package func reopenFailed() throws -> [Int] {
    let trials = try store.trials()
    let stage = SearchStage.allCases.last { stage in trials.contains { $0.stage == stage } }
    let failed = trials.filter { $0.stage == stage && $0.isFailure }.map(\.id)
    try store.reopen(failed)
    // What a cluster's jobs left of them is of the outcomes that do not count any more.
    for id in failed { try? FileManager.default.removeItem(atPath: folder.trial(id).attempts) }
    return failed
  }

  /// Keeps how many classes the detectors tell apart.
  package func keepClasses(_ count: Int) throws { try store.keep(classes: count) }

  /// The fingerprint of the data that the run goes by; nil when none was kept.
  package func dataFingerprint() throws -> String? { try store.dataFingerprint() }

  /// Keeps the fingerprint of the data that the run goes by from now on.
  package func keepData(_ fingerprint: String) throws { try store.keepData(fingerprint) }

  /// Whether one of some stages is still to choose from the front of another.
  package func isToBePickedFrom(_ stage: SearchStage, in stages: [SearchStage]) throws -> Bool {
    guard let next = stages.drop(while: { $0 != stage }).dropFirst().first else { return false }
    let isChosen = try store.choices()?.areMade(for: next) ?? false
    return try !isChosen && !store.trials().contains { $0.stage == next }
  }

  /// How many trials were judged so far.
  package func countJudged() throws -> Int {
    try store.trials().count { $0.outcome?.wasEvaluated == true }
  }

  /// A trial is written into the store before its worker gets its job; a job of a trial that neither the store nor a record knows
  /// is of a later state of the store.
  private static func checkFolders(_ folder: RunFolder, _ trials: [Trial]) throws {
    let last = trials.map(\.id).max() ?? 0
    let unknown = folder.trialsWithFolders.filter { $0 > last }
    guard !unknown.isEmpty else { return }
    let names = unknown.map(String.init)
    let list =
      names.count == 1
      ? "trial \(names[0]), which has a folder"
      : "trials \(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1]), which have folders"
    throw ExecutionError.lost(path: folder.store, problem: "does not know the \(list)")
  }

  static func take(_ folder: RunFolder) throws -> FileLock {
    if let lock = try FileLock(folder.lock) { return lock }
    let holder = FileLock.holder(folder.lock).map { " (process \($0))" } ?? ""
    throw ExecutionError.run(
      path: folder.path, problem: "is being worked on by another search\(holder)",
      cure: "wait for it, stop it, or choose another folder")
  }
}
