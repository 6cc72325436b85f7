import DetBasics
package import DetSearch
import DetSpec
import Foundation

/// What became of a run whose store was made anew.
package struct Rebuilding: Sendable, Hashable {
  /// The trials that are in the new store, and those of them that have results.
  package let trials: Int
  /// See ``trials``.
  package let finished: Int
  /// Where the old store is now; nil when it was gone.
  package let damaged: String?
  /// The trials that could not be placed, and are done again.
  package let again: [Int]
  /// The folder that theirs are in now; nil without such.
  package let aside: String?

  /// For people, a line for each thing.
  package var lines: [String] {
    let old = damaged.map { "; what was there before is now \($0)" } ?? ""
    let made =
      "the store was made anew from the trials' own files: \(Self.count(trials)), \(finished) with results\(old)"
    guard let aside else { return [made] }
    let names = again.map(String.init).joined(separator: ", ")
    return [
      made,
      "\(Self.count(again.count)) (\(names)) cannot be placed: their records, or those of trials before them, are missing or "
        + "damaged. They are done again; what they left is in \(aside)",
    ]
  }

  private static func count(_ trials: Int) -> String {
    trials == 1 ? "one trial" : "\(trials) trials"
  }
}

extension Run {
  /// Resumes a run whose store is gone, empty or damaged: a new one is made of the records that the trials have in their folders.
  ///
  /// What was there stays under another name. Trials from the first on that has no record, or a damaged one, are done again, in new
  /// folders; runs of programs that kept no records begin anew in this way.
  package static func rebuild(_ path: String, plan: PlacedPlan?) throws -> (Run, Rebuilding) {
    let folder = RunFolder(path)
    guard folder.isBegun || !folder.numberedFolders.isEmpty else {
      throw ExecutionError.run(
        path: path, problem: "holds no run to rebuild", cure: "leave --rebuild out to begin one")
    }
    let lock = try take(folder)
    salvage(folder)
    let facts = folder.keptFacts() ?? [:]
    let placed = placeable(folder.records())
    let damaged = try moveStoreAside(folder)
    let again = folder.numberedFolders.filter { $0 > placed.count }
    let aside = try setAside(again, folder)
    try folder.placeStore(local: plan?.written.runner.slurm?.store)
    let store = try Store(path: folder.store, folder: folder)
    try store.restore(placed, facts: facts)
    if facts.isEmpty, let plan, !folder.isBegun { try KeptPlan.write(plan, store, folder) }
    let run = try open(folder, store, plan: plan, lock: lock)
    return (
      run,
      Rebuilding(
        trials: placed.count, finished: placed.count { $0.trial.isFinished }, damaged: damaged,
        again: again, aside: aside)
    )
  }

  /// Keeps what can still be read of a store and stands in no record yet, as of programs that kept none.
  private static func salvage(_ folder: RunFolder) {
    guard let old = try? Store(reading: folder.store) else { return }
    let kept = folder.records()
    for (id, record) in (try? old.records()) ?? [:] where kept[id] == nil {
      try? Store.keep(record, in: folder)
    }
    if folder.keptFacts() == nil, let facts = try? old.facts(), !facts.isEmpty {
      try? SealedFile.write(facts, to: folder.facts)
    }
  }

  /// The records from the first trial on, up to the first that is missing, or that refers to one that is.
  private static func placeable(_ records: [Int: TrialRecord]) -> [TrialRecord] {
    var end = 1
    while records[end] != nil { end += 1 }
    while let early = (1..<end).first(where: { id in
      records[id]?.references.contains { $0 >= end } ?? true
    }) {
      end = early
    }
    return (1..<end).compactMap { records[$0] }
  }

  private static func moveStoreAside(_ folder: RunFolder) throws -> String? {
    let files = FileManager.default
    let endings = ["", "-wal", "-shm"].filter { files.fileExists(atPath: folder.store + $0) }
    guard !endings.isEmpty else { return nil }
    let place = free { "\(folder.store).damaged-\($0)" }
    for ending in endings { try move(folder.store + ending, to: place + ending) }
    return place
  }

  private static func setAside(_ trials: [Int], _ folder: RunFolder) throws -> String? {
    guard !trials.isEmpty else { return nil }
    let place = free { "\(folder.path)/\(RunFolder.asidePrefix)\($0)" }
    try Files.makeFolder(place)
    for id in trials {
      try move(folder.trial(id).path, to: TrialFolder(trial: id, in: place).path)
    }
    return place
  }

  private static func free(_ name: (Int) -> String) -> String {
    var number = 1
    while FileManager.default.fileExists(atPath: name(number)) { number += 1 }
    return name(number)
  }

  private static func move(_ path: String, to place: String) throws {
    guard rename(path, place) == 0 else {
      throw FileError(path: place, action: "rename the file", errorNumber: errno)
    }
  }
}
