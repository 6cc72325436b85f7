import DetBasics
import DetCommand
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import DetTask
import Foundation

/// Sees to it that all trials of a run learn from the same data and are judged by the same truth.
struct RunData {
  let run: Run
  let sets: TrainingSets
  /// Whether the user takes data that have changed.
  let accepts: Bool

  /// Compares the data with those that the run was begun with, and keeps what is not kept yet.
  ///
  /// - Parameter tell: gets what the user must know.
  /// - Returns: what every job of the run states.
  /// - Throws: an `ExecutionError` that says what has changed, unless the user takes it.
  func settle(_ tell: (String) -> Void) throws -> DataState {
    let folder = run.folder
    let earlier = DataInventory(file: folder.data)
    let now = try inventory(knowing: earlier, tell)
    let digests = now.fingerprint
    let state = DataState(
      train: digests.train, validation: digests.validation, inventory: folder.data)
    let judged = try run.countJudged()
    if let kept = try run.dataFingerprint(), kept != state.fingerprint {
      let changes = earlier.map(now.differences(from:)) ?? []
      let words =
        changes.isEmpty
        ? "what, cannot be told: \(folder.data) is not the list of then"
        : changes.joined(separator: "; ")
      guard accepts else { throw refusal(words, judged) }
      tell(
        "the data have changed (\(words)); as you asked, the search goes on with them. Trials judged so far (\(judged)) are marked "
          + "in smnas trials and left out of fronts; no design is tried again, and new ones are still chosen by them, too"
      )
      try keepTruth(under: kept)
    } else if try run.dataFingerprint() == nil, judged > 0 {
      tell(
        "the run was begun without a fingerprint of its data; that of today's is kept from now on")
    }
    try run.keepData(state.fingerprint)
    if now != earlier { try now.write(to: folder.data) }
    if !FileManager.default.fileExists(atPath: folder.truth) {
      try COCOTruthFile.write(GroundTruth(sets.validation), to: folder.truth)
    }
    return state
  }

  /// Reads every image that is not known yet; says so where that takes more than a second, and stops when the user wants it.
  private func inventory(
    knowing earlier: DataInventory?, _ tell: (String) -> Void
  ) throws -> DataInventory {
    let start = ContinuousClock.now
    var isTold = false
    var count = 0
    let inventory = try DataInventory(sets, knowing: earlier) { read, most in
      if Interruption.isRequested { throw Interruption() }
      count = read + 1
      guard !isTold, ContinuousClock.now - start > .seconds(1) else { return }
      isTold = true
      tell("reading up to \(most.of("image")) once, so that a change of the data is noticed")
    }
    if isTold {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      tell("read \(count.of("image")) in \(seconds.fixed(1)) s")
    }
    return inventory
  }

  private func refusal(_ changes: String, _ judged: Int) -> ExecutionError {
    .run(
      path: run.folder.path, problem: "was begun with other data: \(changes)",
      cure:
        "put the data back as they were, begin a new run in another folder, or add --accept-changed-data: "
        + "trials judged by the data of then (\(judged)) are marked and left out of fronts")
  }

  /// The truth by which earlier trials were judged keeps its own name.
  private func keepTruth(under fingerprint: String) throws {
    let truth = run.folder.truth
    guard FileManager.default.fileExists(atPath: truth) else { return }
    let place = run.folder.truth(of: fingerprint)
    guard rename(truth, place) == 0 else {
      throw FileError(path: place, action: "rename the file", errorNumber: errno)
    }
  }
}
