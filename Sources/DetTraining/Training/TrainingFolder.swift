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

  let files: TrialFolder
  let choice: Choice
  let resume: Bool
  private let folder: OutputFolder

  /// Takes the folder.
  ///
  /// - Throws: `FileError` when another process writes into it, or when it holds a finished training.
  public init(_ files: TrialFolder, choice: Choice, resume: Bool) throws {
    self.files = files
    self.choice = choice
    self.resume = resume
    folder = try OutputFolder(files.path)
    folder.removeTemporaries()
    guard holds(files.weights), !files.checkpoints.contains(where: holds) else { return }
    let isOurs = (try? TensorFile.open(files.weights)) != nil
    throw FileError(
      path: isOurs ? files.path : files.weights,
      problem: isOurs
        ? "holds a finished training, which is not changed"
        : "is there already, and is not overwritten",
      cure: isOurs ? choice.cure(finished: files.weights) : choice.cureForStranger)
  }

  func holds(_ path: String) -> Bool { folder.holds(FilePath.name(of: path)) }

  func expectFree(_ paths: [String]) throws {
    guard let path = paths.first(where: holds) else { return }
    throw FileError(
      path: path, problem: "is there already, and is not overwritten",
      cure: choice.cureForStranger)
  }

  /// Removes what is of use only while the training is under way; the newest goes last, so that a kill leaves that one.
  func removeCheckpoints() {
    for path in files.checkpoints.reversed() { unlink(path) }
  }
}
