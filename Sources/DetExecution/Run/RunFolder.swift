import DetBasics
package import DetSpec
import Foundation

/// Where a run keeps its files; see the architecture's "A run on disk".
package struct RunFolder: Sendable, Hashable {
  /// The folder.
  package let path: String

  /// Names a folder; nothing is made.
  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Makes a place for a store that is about to be made: beside the run's other files, or in a `local` folder, to which a link leads,
  /// because SQLite's log does not work on a network's disk.
  func placeStore(local: String?) throws {
    if store != storePlace { return try Files.makeFolder(FilePath.folder(of: store)) }
    guard let local, !FileManager.default.fileExists(atPath: storePlace) else { return }
    try Files.makeFolder(local)
    let target = FilePath.join(local, "smnas-\(UUID().uuidString.lowercased()).sqlite")
    // A link to nothing would be taken for a stranger's if this were all that happens.
    try AtomicFile.write("", to: target)
    guard symlink(target, storePlace) == 0 else {
      throw FileError(path: storePlace, action: "make the link", errorNumber: errno)
    }
  }

  /// Whether a run was begun in it: its plan is written last. A plan alone is the user's.
  package var isBegun: Bool {
    let files = FileManager.default
    return files.fileExists(atPath: plan)
      && [store, versions, trials].contains { files.fileExists(atPath: $0) }
  }

  /// The first thing in the folder that is none of what beginning a run leaves there, by its name or by what it holds; nil
  /// when there is nothing else.
  package var stranger: String? {
    Self.names(in: path).first { !isLeftByBeginning($0) && !AtomicFile.isTemporary($0) }
  }

  private func isLeftByBeginning(_ name: String) -> Bool {
    switch "\(path)/\(name)" {
    case trials: Self.names(in: trials).isEmpty
    case lock: hasTrials && FileLock.isOne(lock)
    case storePlace, store + "-wal", store + "-shm": hasTrials && Store.isOne(store)
    case versions: hasTrials && Store.isOne(store) && Self.isVersions(versions)
    case facts: hasTrials && Store.isOne(store) && keptFacts() != nil
    default: false
    }
  }

  /// The folder of trials is made first.
  private var hasTrials: Bool { FileManager.default.fileExists(atPath: trials) }

  private static func isVersions(_ path: String) -> Bool {
    (try? JSON.decode([String: String].self, file: path)) != nil
  }

  /// The numbers of the trials whose workers were given a job.
  package var trialsWithFolders: [Int] {
    numberedFolders.filter { FileManager.default.fileExists(atPath: trial($0).job) }
  }

  /// The numbers of the trials that have left a folder, also of those that were never given to a worker.
  var numberedFolders: [Int] { Self.names(in: trials).compactMap { Int($0) }.sorted() }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The plan, in full.
  package var plan: String { "\(path)/plan.json" }
  /// The versions of everything that took part.
  package var versions: String { "\(path)/versions.json" }
  /// The trials; where the run's folder has a link in its place, what that leads to.
  package var store: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: storePlace)) ?? storePlace
  }
  private var storePlace: String { "\(path)/study.sqlite" }
  /// What the store knows of the run as a whole, should it be lost.
  package var facts: String { "\(path)/facts.json" }
  /// What the names of folders begin with in which trials are that could not be placed in a store made anew.
  static let asidePrefix = "set-aside-"
  /// The front of the latest stage, rewritten after each trial.
  package var front: String { "\(path)/front.json" }
  /// The validation annotations in COCO format.
  package var truth: String { "\(path)/truth.json" }
  /// The validation annotations by which trials were judged before the data changed, by the fingerprint of then.
  package func truth(of fingerprint: String) -> String { "\(path)/truth-\(fingerprint).json" }
  /// What the data are, image by image.
  package var data: String { "\(path)/data.tsv" }
  /// The report.
  package var report: String { "\(path)/report.html" }
  /// Held by the one coordinator that works in the folder.
  package var lock: String { "\(path)/lock" }
  /// Through which workers take turns, so that latency is measured while nothing else computes.
  package var measurementLock: String { "\(path)/measure.lock" }

  /// Images in which detectors are timed, and the job that asks for it.
  package var measurement: String { "\(path)/measurement" }
  /// See ``measurement``.
  package var measurementJob: String { "\(measurement)/job.json" }

  /// What the program wrote for people that was asked for latencies.
  package var measurementLog: String { "\(measurement)/log.txt" }

  /// A plan of the designs that are trained in full, by which their backbones are trained.
  package var finals: String { "\(path)/finals.json" }
  /// The recipe by which they learn to classify.
  package var classificationRecipe: String { "\(path)/classification.json" }
  /// Their weights, with a table.
  package var backbones: String { "\(path)/backbones" }
  /// The table, which stands beside them.
  package var backboneTable: String { "\(backbones)/backbones.json" }
  /// What was said while they were trained.
  package var backbonesLog: String { "\(path)/backbones.log" }

  /// The folders of the trials.
  package var trials: String { "\(path)/trials" }
  /// The folder of a trial's files: `trials/000017`.
  package func trial(_ id: Int) -> TrialFolder { TrialFolder(trial: id, in: trials) }
}
