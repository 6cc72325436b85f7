public import DetBasics

/// Why a training, an evaluation or a measurement cannot continue.
public enum TrainingError: SurroundingsError, Equatable, Sendable, CustomStringConvertible {
  /// The data do not fit the task: what is wrong, and what would be right.
  case data(String)
  /// The loss, or the gradient, stopped being a finite number.
  case diverged(epoch: Int, step: Int, what: String)
  /// The loss stayed far above that of the untrained network.
  case exploded(epoch: Int, step: Int, loss: Double, untrained: Double)
  /// The time that the training was given is used up; what was finished is in the checkpoint.
  case outOfTime(minutes: Double)
  /// A checkpoint cannot be used.
  case checkpoint(path: String, problem: String)
  /// The clock gave times that are no finite numbers.
  case noTimes
  /// Something around the training is wrong: what, where, and what would be right.
  case surroundings(SurroundingsFault, String)
  /// Training was asked to stop; what was finished is in the checkpoint.
  case interrupted

  /// What it is a fault of; nil for what the training itself met.
  public var surroundings: SurroundingsFault? {
    if case .surroundings(let fault, _) = self { return fault }
    return nil
  }

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .data(let problem), .surroundings(_, let problem): problem
    case .diverged(let epoch, let step, let what):
      "training diverged in epoch \(epoch), step \(step): \(what) is not finite; lower the learning rate"
    case .exploded(let epoch, let step, let loss, let untrained):
      "training diverged in epoch \(epoch), step \(step): the loss exploded, the median of the last \(LossGuard.steps) steps is "
        + "\(loss.figures(3)), untrained it was \(untrained.figures(3)); lower the learning rate"
    case .outOfTime(let minutes):
      "the \(minutes.figures(3)) minutes that the training was given are used up; what was finished is kept in the checkpoint"
    case .checkpoint(let path, let problem): "\(path.oneLine): \(problem)"
    case .noTimes: "the latency could not be measured: the clock gave no finite times"
    case .interrupted: "interrupted; what was finished is kept in the checkpoint"
    }
  }
}
