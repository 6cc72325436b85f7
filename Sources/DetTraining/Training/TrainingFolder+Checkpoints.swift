import DetBasics
import DetSpec
import DetTensor
import Foundation

/// What a training goes on from.
struct SavedTraining<Description: WeightsDescription> {
  /// The model's description.
  let description: Description
  /// Where the training stands; nil in a checkpoint of an earlier version, which knew whole epochs only.
  let state: TrainingState?
  /// The tensors.
  let file: TensorFile
  /// What people should know: that the newest checkpoint was damaged.
  let note: String?
}

extension TrainingFolder {
  /// The state to go on from; nil where the training begins.
  ///
  /// - Parameters:
  ///   - wanted: what is to be trained, as it would be described now.
  ///   - conditions: what the numbers depend on beside.
  ///   - takesThreads: whether the checkpoint's number of threads is to be used, whatever is wanted.
  ///   - names: files that the caller writes into the folder beside those of a trial.
  /// - Returns: the newest checkpoint that is whole.
  /// - Throws: when the state is of another training, or a file is in the way.
  func savedState<Description: WeightsDescription>(
    for wanted: Description, _ conditions: TrainingState.Conditions, takesThreads: Bool = false,
    names: [String] = []
  ) throws -> SavedTraining<Description>? {
    guard let saved: SavedTraining<Description> = try newest() else {
      let own = resume && isBegun(by: wanted) ? [] : names
      try expectFree([files.detections, files.picture, files.card] + own)
      return nil
    }
    var changes = try saved.description.changes(to: wanted)
    if let state = saved.state {
      changes += try JSON.value(state.conditions).differences(
        from: JSON.value(conditions), free: takesThreads ? ["threads"] : [])
    }
    guard changes.isEmpty else {
      throw FileError(
        path: files.checkpoint,
        problem: "is of another training; changed: \(changes.joined(separator: "; "))",
        cure: "change it back, or \(choice.cureForStranger)")
    }
    guard resume else {
      throw FileError(
        path: files.path, problem: "holds this training under way", cure: choice.cureUnderWay)
    }
    // A damaged file must not become the older generation, and push out the one that is whole.
    if saved.note != nil { rename(files.previousCheckpoint, files.checkpoint) }
    return saved
  }

  /// The newest checkpoint that can be read; nil where there is none at all.
  ///
  /// - Throws: what is wrong with the newest, when none can be read.
  private func newest<Description: WeightsDescription>() throws -> SavedTraining<Description>? {
    let generations = files.checkpoints.filter(holds)
    var problem: (any Error)?
    for path in generations {
      do {
        return try read(path, insteadOf: problem)
      } catch {
        problem = problem ?? error
      }
    }
    guard let problem, let newest = generations.first else { return nil }
    // What is no checkpoint of ours is somebody's file.
    if !resume { try expectFree([newest]) }
    throw problem
  }

  private func read<Description: WeightsDescription>(
    _ path: String, insteadOf problem: (any Error)?
  ) throws -> SavedTraining<Description> {
    let (description, file) = try Description.read(path)
    let state = try file.metadata[TrainingState.metadataKey].map {
      try JSON.decode(TrainingState.self, from: $0, source: path)
    }
    try Safetensors.checkSeal(of: path, isRequired: state != nil)
    let place = state.map { "epoch \($0.progress.epoch + 1), step \($0.progress.step)" }
    let note = problem.map {
      "the newest checkpoint cannot be used (\($0)); the one before is, of \(place ?? "an epoch before")"
    }
    return SavedTraining(description: description, state: state, file: file, note: note)
  }

  /// Whether a training that was stopped before its first checkpoint left the job that is wanted now.
  private func isBegun(by wanted: some WeightsDescription) -> Bool {
    guard holds(files.job), let job = try? JSON.decode(JSONValue.self, file: files.job),
      let wanted = try? JSON.value(wanted), case .object(let mine) = job,
      case .object(let others) = wanted
    else { return false }
    return ["design", "recipe", "seed"].allSatisfy { key in
      guard let left = mine[key], let right = others[key] else { return false }
      return left.differences(from: right, free: ["pretrained"]).isEmpty
    }
  }
}
