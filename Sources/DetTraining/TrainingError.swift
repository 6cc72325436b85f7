/// Why a training, an evaluation or a measurement cannot continue.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The data do not fit the task: what is wrong, and what would be right.
  case data(String)
  /// The loss, or the gradient, stopped being a finite number.
  case diverged(epoch: Int, step: Int, what: String)
  /// A checkpoint cannot be used.
  case checkpoint(path: String, problem: String)
  /// Training was asked to stop; what was finished is in the checkpoint.
  case interrupted

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .data(let problem): problem
    case .diverged(let epoch, let step, let what):
      "training diverged in epoch \(epoch), step \(step): \(what) is not finite; lower the learning rate"
    case .checkpoint(let path, let problem): "\(path): \(problem)"
    case .interrupted: "interrupted; what was finished is kept in the checkpoint"
    }
  }
}
