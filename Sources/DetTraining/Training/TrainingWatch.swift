import DetSpec

/// What people want to know of a training under way, every few seconds: losses, rate, speed, waiting, time left.
final class TrainingWatch {
  /// Seconds between reports, unless said otherwise.
  static let seconds = 10.0

  private let interval: Double
  private var sums: [String: Double] = [:]
  private var steps = 0
  private var images = 0
  private var seconds = 0.0
  private var waiting = 0.0
  /// Of the whole session, for the time left.
  private var all = (steps: 0, seconds: 0.0)

  init(interval: Double = TrainingWatch.seconds) { self.interval = interval }

  /// Takes a step in.
  ///
  /// - Returns: what there is to tell, after the first step and then whenever the interval is over.
  func note(_ step: TrainingStep) -> TrialEvent.Step? {
    for (name, value) in step.losses { sums[name, default: 0] += value }
    steps += 1
    images += step.images
    seconds += step.seconds
    waiting += step.waiting
    all = (all.steps + 1, all.seconds + step.seconds)
    guard all.steps == 1 || seconds >= interval else { return nil }
    var metrics = sums.mapValues { $0 / Double(steps) }
    metrics["rate"] = step.rate
    metrics["imagesPerSecond"] = Double(images) / max(seconds, 1e-9)
    metrics["waiting"] = waiting / max(seconds, 1e-9)
    metrics["secondsLeft"] = Double(step.stepsLeft) * all.seconds / Double(all.steps)
    (sums, steps, images, seconds, waiting) = ([:], 0, 0, 0, 0)
    return TrialEvent.Step(
      epoch: step.epoch, step: step.step, of: step.stepsInEpoch, metrics: metrics)
  }
}
