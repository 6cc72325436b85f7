import DetSpec

/// What people want to know of a training under way, every few seconds: losses, rate, speed, waiting, time left.
final class TrainingWatch {
  /// Seconds between reports, unless said otherwise.
  static let seconds = 10.0

  private let interval: Double
  private var recent = StepTotals()
  /// Of the whole session, for the time left.
  private var all = (steps: 0, seconds: 0.0)

  init(interval: Double = TrainingWatch.seconds) { self.interval = interval }

  /// Takes a step in.
  ///
  /// - Returns: what there is to tell, after the first step and then whenever the interval is over.
  func note(_ step: TrainingStep) -> TrialEvent.Step? {
    recent.add(
      step.losses, images: step.images, seconds: step.seconds, waiting: step.waiting)
    all = (all.steps + 1, all.seconds + step.seconds)
    guard all.steps == 1 || recent.seconds >= interval else { return nil }
    var metrics = recent.metrics
    metrics["rate"] = step.rate
    metrics["secondsLeft"] = Double(step.stepsLeft) * all.seconds / Double(all.steps)
    recent = StepTotals()
    return TrialEvent.Step(
      epoch: step.epoch, step: step.step, of: step.stepsInEpoch, metrics: metrics)
  }
}
