import DetBasics
public import DetSpec
import DetTensor

extension TrialWorker {
  /// The event for what ended a trial: told apart are what the design did, what happened to it, and what nobody knows.
  public static func failure(_ error: any Error) -> TrialEvent {
    .failed(reason: "\(error)", kind: kind(of: error))
  }

  private static func kind(of error: any Error) -> TrialEvent.FailureKind {
    if let fault = (error as? any SurroundingsError)?.surroundings { return .surroundings(fault) }
    switch error {
    case TrainingError.diverged, TrainingError.exploded: return .diverged
    case TrainingError.outOfTime: return .outOfTime
    case TensorError.outOfMemory: return .outOfMemory
    case TensorError.noDevice: return .surroundings(.noDevice)
    default: break
    }
    // libtorch says in words what the system told it.
    return SurroundingsFault(quotedIn: "\(error)").map(TrialEvent.FailureKind.surroundings)
      ?? .error
  }
}
