/// Where a training stands between two steps: with its tensors, enough to go on as if it had never stopped.
///
/// Everything random follows from seed, epoch and step, so that no generator's state is needed.
public struct TrainingProgress: Codable, Hashable, Sendable {
  /// Epochs that are finished.
  public internal(set) var epoch: Int
  /// Steps taken in the epoch under way.
  public internal(set) var step = 0
  /// Steps taken in all.
  public internal(set) var steps = 0
  /// The sum of each loss over the epoch's steps.
  var sums: [String: Double] = [:]
  /// Images that the epoch learnt from so far.
  var images = 0
  /// Wall-clock seconds of the epoch so far.
  var seconds = 0.0
  /// The part of them in which nothing was done but wait for images.
  var waiting = 0.0
  /// What the losses were, for telling when they explode.
  var losses = LossGuard()

  /// The beginning, or the moment after some epochs of so many steps.
  public init(epoch: Int = 0, stepsPerEpoch: Int = 0) {
    self.epoch = epoch
    steps = epoch * stepsPerEpoch
  }

  /// Counts a step.
  mutating func add(_ losses: [(String, Double)], images: Int, seconds: Double, waiting: Double) {
    for (name, value) in losses { sums[name, default: 0] += value }
    step += 1
    steps += 1
    self.images += images
    self.seconds += seconds
    self.waiting += waiting
  }

  /// Goes over to the next epoch.
  mutating func finishEpoch() {
    epoch += 1
    (step, images, seconds, waiting) = (0, 0, 0, 0)
    sums = [:]
  }
}
