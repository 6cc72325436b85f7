/// Where a training stands between two steps: with its tensors, enough to go on as if it had never stopped.
///
/// Everything random follows from seed, epoch and step, so that no generator's state is needed.
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// Epochs that are finished.
  public internal(set) var epoch: Int
  /// Steps taken in the epoch under way.
  public var step: Int { totals.steps }
  /// Steps taken in all.
  public internal(set) var steps = 0
  /// What the epoch's steps amount to so far.
  private(set) var totals = StepTotals()
  /// What the losses were, for telling when they explode.
  var losses = LossGuard()

  /// The beginning, or the moment after some epochs of so many steps.
  public init(epoch: Int = 0, stepsPerEpoch: Int = 0) {
    self.epoch = epoch
    steps = epoch * stepsPerEpoch
  }

  /// Counts a step.
  mutating func add(_ losses: [String: Double], images: Int, seconds: Double, waiting: Double) {
    totals.add(losses, images: images, seconds: seconds, waiting: waiting)
    steps += 1
  }

  /// Goes over to the next epoch.
  mutating func finishEpoch() {
    epoch += 1
    totals = StepTotals()
  }
}
