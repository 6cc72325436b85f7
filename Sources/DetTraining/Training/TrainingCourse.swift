import DetTeam
import DetTensor

/// The course of a training, of detectors and classifiers alike: epochs, evaluations and checkpoints, from wherever it stands
/// to the end.
///
/// A checkpoint is written when the last one is old, before an evaluation, after an epoch, and when the training is stopped:
/// a kill at any moment costs minutes, and an interruption nothing.
final class TrainingCourse {
  /// How long it takes, and when what is done.
  struct Plan {
    /// Epochs in all.
    let epochs: Int
    /// Epochs between evaluations; the last is always evaluated.
    let evaluateEvery: Int
    /// Minutes between checkpoints in a long epoch; nil for the default.
    var checkpointMinutes: Double?
    /// Minutes after which it stops with a checkpoint; nil for as long as it takes.
    var budgetMinutes: Double?
  }

  /// What a training does beside its steps.
  struct Actions {
    /// The accuracy of the final weights, by name.
    let evaluate: () throws -> [String: Double]
    /// Which of the numbers says which epoch is the best.
    let accuracy: String
    /// Told of every epoch that is over.
    let report: (_ epoch: Int, _ metrics: [String: Double]) throws -> Void
    /// Told of every step.
    let stepped: (TrainingStep) throws -> Void
  }

  private let training: any SteppedTraining
  private let plan: Plan
  private let keeper: CheckpointKeeper
  private let clock: () -> Double
  private let beginning: Double
  /// All of the state but the progress, which the training itself knows.
  private var noted: TrainingState

  /// Where it stands.
  var state: TrainingState {
    var state = noted
    state.progress = training.progress
    return state
  }

  /// - Parameters:
  ///   - training: what is trained, restored to the state.
  ///   - state: where it stands.
  ///   - plan: how long it takes.
  ///   - clock: seconds of a clock that only goes forward.
  ///   - write: writes a checkpoint of a state and of the training's tensors as they are.
  init(
    _ training: any SteppedTraining, state: TrainingState, _ plan: Plan,
    clock: @escaping () -> Double = { LatencyMeter.monotonicMilliseconds() / 1000 },
    write: @escaping (TrainingState) throws -> Void
  ) {
    self.training = training
    noted = state
    self.plan = plan
    self.clock = clock
    beginning = clock()
    keeper = CheckpointKeeper(
      minutes: plan.checkpointMinutes, state: state, clock: clock, write: write)
  }

  /// Trains to the end.
  ///
  /// - Throws: ``TrainingError/interrupted``, ``TrainingError/outOfTime(minutes:)`` and `TeamError` with everything in the checkpoint;
  ///   anything else leaves the last checkpoint as it was.
  func run(shouldStop: () -> Bool, _ actions: Actions) throws {
    do {
      while true {
        if noted.isReported {
          guard training.progress.epoch < plan.epochs else { return }
          let epoch = try training.trainEpoch(shouldStop: shouldStop) { step in
            try actions.stepped(step)
            try keeper.saveIfDue(state)
            try checkBudget()
          }
          (noted.epochMetrics, noted.isReported) = (epoch.metrics, false)
        }
        try finishEpoch(actions)
      }
    } catch  where error is TeamError || (error as? TrainingError)?.leavesCheckpoint == true {
      // The step that a rank did not finish was taken by nobody.
      try keeper.save(state)
      throw error
    }
  }

  /// The epoch whose weights the training leaves: the last, or the best where the recipe keeps that.
  var keptEpoch: Int {
    let last = training.progress.epoch
    return training.optimizer.keepsBest ? noted.best?.epoch ?? last : last
  }

  /// Runs `body` on every rank with the weights that the training leaves.
  ///
  /// - Parameter body: told whether they are those after the last epoch, which was evaluated.
  /// - Returns: what `body` returns.
  /// - Throws: what it throws, and `TeamError`.
  func withKeptWeights<Result>(_ body: (_ areLast: Bool) throws -> Result) throws -> Result {
    let optimizer = training.optimizer
    // Rank 0 alone knows accuracies.
    let areLast = try !optimizer.team.isTrueAnywhere(keptEpoch != training.progress.epoch)
    if areLast { return try optimizer.withSharedFinalWeights { try body(true) } }
    return try optimizer.withBestWeights { try optimizer.shared { try body(false) } }
  }

  /// Evaluates and reports an epoch whose steps are all taken.
  private func finishEpoch(_ actions: Actions) throws {
    let epoch = training.progress.epoch
    var metrics = noted.epochMetrics
    if epoch == plan.epochs || epoch.isMultiple(of: plan.evaluateEvery) {
      try keeper.save(state)
      let found = try actions.evaluate()
      metrics.merge(found) { $1 }
      if let accuracy = found[actions.accuracy] {
        noted.best = .better(noted.best, BestEpoch(epoch: epoch, accuracy: accuracy))
        if noted.best?.epoch == epoch { training.optimizer.keepBest() }
      }
    }
    try actions.report(epoch, metrics)
    noted.isReported = true
    try keeper.save(state)
  }

  private func checkBudget() throws {
    guard let minutes = plan.budgetMinutes,
      try training.optimizer.team.isTrueAnywhere(clock() - beginning >= 60 * minutes)
    else { return }
    throw TrainingError.outOfTime(minutes: minutes)
  }
}

extension TrainingError {
  /// Whether the training is sound, and goes on from where it was stopped.
  var leavesCheckpoint: Bool {
    switch self {
    case .interrupted, .outOfTime: true
    case .data, .diverged, .exploded, .checkpoint, .noTimes, .surroundings: false
    }
  }
}
