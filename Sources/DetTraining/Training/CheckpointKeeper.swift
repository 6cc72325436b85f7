/// Writes the checkpoints of a training: when it is told to, and when the last one has become old.
final class CheckpointKeeper {
  /// Minutes between checkpoints in a long epoch, unless said otherwise: no more than that is done twice.
  static let minutes = 10.0

  private let interval: Double
  private let clock: () -> Double
  private let write: (TrainingState) throws -> Void
  private var last: Double
  private var saved: TrainingState?

  /// - Parameters:
  ///   - minutes: the age at which a checkpoint is old.
  ///   - state: what is on disk already.
  ///   - clock: seconds of a clock that only goes forward.
  ///   - write: writes a state, and the tensors as they are now.
  init(
    minutes: Double?, state: TrainingState?,
    clock: @escaping () -> Double = { LatencyMeter.monotonicMilliseconds() / 1000 },
    write: @escaping (TrainingState) throws -> Void
  ) {
    interval = 60 * (minutes ?? Self.minutes)
    saved = state
    self.clock = clock
    self.write = write
    last = clock()
  }

  /// Writes a checkpoint unless the last one says the same.
  func save(_ state: TrainingState) throws {
    guard state != saved else { return }
    try write(state)
    saved = state
    last = clock()
  }

  /// Writes a checkpoint when the last one is old.
  func saveIfDue(_ state: @autoclosure () -> TrainingState) throws {
    if clock() - last >= interval { try save(state()) }
  }
}
