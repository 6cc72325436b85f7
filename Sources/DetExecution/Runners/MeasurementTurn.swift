/// The turn to measure, taken without waiting: a coordinator must not stand still while its workers end their steps.
///
/// The counterpart of the workers' `ComputeGate`, on the same two files: whoever holds the turnstile lets no new step begin, and
/// has the machine to itself as soon as the steps under way have ended.
final class MeasurementTurn {
  private let path: String
  private var turnstile: FileLock?
  private var lock: FileLock?

  /// The turn of a run's lock file; it is not taken yet.
  init(lock path: String) { self.path = path }

  /// Tries to take the turn; whether it is taken now.
  func take() throws -> Bool {
    if turnstile == nil { turnstile = try FileLock(path + ".turnstile") }
    if turnstile != nil, lock == nil { lock = try FileLock(path) }
    return lock != nil
  }

  /// Lets the others compute again.
  func giveBack() {
    lock = nil
    turnstile = nil
  }
}
