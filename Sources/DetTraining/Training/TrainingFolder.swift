import DetBasics
public import DetSpec
import DetTensor
import Foundation

/// The folder of one training, taken for as long as the training lasts.
///
/// Nothing in it is written over but what the same training left when it was stopped: a finished training stays as it is, one
/// under way goes on only by the same design, recipe and seed, and files of others keep their names.
public final class TrainingFolder {
  /// How the user chose the folder, for the cures.
  public enum Choice: Sendable {
    /// By `--output` of `smnas train` or `smnas pretrain`.
    case output
    /// By `directory` in a job.
    case job

    private var another: String {
      switch self {
      case .output: "choose another --output"
      case .job: "name another \"directory\" in a copy of the job"
      }
    }

    func cure(finished weights: String) -> String {
      switch self {
      case .output: "start another with --weights \(weights) and another --output"
      case .job: another
      }
    }

    var cureForStranger: String { another }

    var cureUnderWay: String {
      switch self {
      case .output: "add --resume to go on with it, or \(another)"
      case .job: "set \"resume\" to true to go on with it, or \(another)"
      }
    }
  }

  private let files: TrialFolder
  private let folder: OutputFolder
  private let choice: Choice
  private let resume: Bool

  /// Takes the folder.
  ///
  /// - Throws: `FileError` when another process writes into it, or when it holds a finished training.
  public init(_ files: TrialFolder, choice: Choice, resume: Bool) throws {
    self.files = files
    self.choice = choice
    self.resume = resume
    folder = try OutputFolder(files.path)
    guard holds(files.weights), !holds(files.checkpoint) else { return }
    let isOurs = (try? TensorFile.open(files.weights)) != nil
    throw FileError(
      path: isOurs ? files.path : files.weights,
      problem: isOurs
        ? "holds a finished training, which is not changed"
        : "is there already, and is not overwritten",
      cure: isOurs ? choice.cure(finished: files.weights) : choice.cureForStranger)
  }

  /// The state to go on from; nil where the training begins.
  ///
  /// - Parameters:
  ///   - wanted: what is to be trained, as it would be described now.
  ///   - names: files that the caller writes into the folder beside those of a trial.
  /// - Returns: the description and the tensors of the state.
  /// - Throws: when the state is of another training, or a file is in the way.
  func savedState<Description: WeightsDescription>(
    for wanted: Description, names: [String] = []
  ) throws -> (checkpoint: Description, file: TensorFile)? {
    guard holds(files.checkpoint) else {
      let own = resume && isBegun(by: wanted) ? [] : names
      try expectFree([files.detections, files.picture] + own)
      return nil
    }
    guard let saved = try? Description.read(files.checkpoint) else {
      guard resume else { try expectFree([files.checkpoint]); return nil }
      return try Description.read(files.checkpoint)
    }
    let changes = try Self.changes(saved.checkpoint, wanted)
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
    return saved
  }

  /// Whether a training that was stopped in its first epoch left the job that is wanted now.
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

  /// Where the training began from is of no account once there is a state.
  private static func changes(
    _ saved: some WeightsDescription, _ wanted: some WeightsDescription
  ) throws -> [String] {
    try JSON.value(saved).differences(
      from: JSON.value(wanted), free: ["epochs", "version", "recipe.pretrained"])
  }

  private func holds(_ path: String) -> Bool { folder.holds(FilePath.name(of: path)) }

  private func expectFree(_ paths: [String]) throws {
    guard let path = paths.first(where: holds) else { return }
    throw FileError(
      path: path, problem: "is there already, and is not overwritten",
      cure: choice.cureForStranger)
  }
}
