import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// One side of a comparison: a trial of a run, or a file of detections.
struct Contender {
  /// As it stands on the command line.
  let word: String
  /// Its detections, in COCO's results format.
  let detections: String
  /// The trial; nil for a file.
  let record: Record?

  /// A trial with its run.
  struct Record {
    let run: RunSnapshot
    let trial: Trial
    /// Its latency with all that is known of it; nil where only the number is, or nothing.
    let reading: LatencyReading?
    /// How it was trained.
    let recipe: Recipe?
    /// `C0`, `E0`; nil for a trial that no stage has handed on.
    var name: String? { run.choices.name(of: trial) }
    /// Whether another program trained it, whose data this one cannot read.
    var isForeign: Bool { run.plan.runner.command != nil }
  }

  /// Reads `RUN:C0`, `RUN:17` or the path of a file.
  init(_ word: String) throws {
    self.word = word
    let isThere = FileManager.default.fileExists(atPath: word)
    if !isThere, let colon = word.lastIndex(of: ":"), Files.isFolder(String(word[..<colon])) {
      let record = try Record(
        run: String(word[..<colon]), trial: String(word[word.index(after: colon)...]))
      detections = record.run.folder.trial(record.trial.id).detections
      self.record = record
      try checkDetections(of: record)
      return
    }
    guard isThere, !Files.isFolder(word) else { throw Self.refusal(of: word, isFolder: isThere) }
    detections = word
    record = nil
  }

  private static func refusal(of word: String, isFolder: Bool) -> FileError {
    guard isFolder else {
      return FileError(
        path: word, problem: "is neither a file of detections nor a trial",
        cure: "name a trial as in runs/mine:C0 or runs/mine:17, or a file in COCO's results format")
    }
    let isRun = RunFolder(word).isBegun
    return FileError(
      path: word, problem: isRun ? "is a whole run" : "is a folder",
      cure: isRun
        ? "say which of its trials, as in \(word):1 or \(word):C0"
        : "name a run's trial, as in runs/mine:C0, or a file of detections")
  }

  private func checkDetections(of record: Record) throws {
    let (trial, folder) = (record.trial, record.run.folder)
    guard trial.isFinished else {
      let reason = trial.outcome?.reason.map { " (\($0))" } ?? ""
      throw ExecutionError.run(
        path: folder.path,
        problem:
          "has no results of trial \(trial.id): \(trial.words(whileSearching: record.run.isActive))\(reason)",
        cure: "compare trials that finished; smnas trials \(folder.path) lists them")
    }
    guard !FileManager.default.fileExists(atPath: detections) else { return }
    throw FileError(
      path: detections, problem: "is not there: trial \(trial.id) has left no detections",
      cure: record.isForeign
        ? "let the program that trains write them there, in COCO's results format"
        : "restore the file, or detect again with its weights")
  }
}

extension Contender.Record {
  init(run path: String, trial word: String) throws {
    run = try RunSnapshot(path)
    trial = try run.trial(called: word)
    reading = try run.readings(of: [trial.id])[trial.id]
    // The job says what was really done, with weights and rates; the plan what is meant where that is gone.
    let job = try? JSON.decode(TrialJob.self, file: run.folder.trial(trial.id).job)
    recipe = job?.recipe ?? run.plan.recipe(of: trial.stage)
  }
}
