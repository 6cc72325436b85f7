import DetSpec
import Foundation

extension Recipe.LearningRate {
  /// The learning rate for one step of a training.
  ///
  /// A linear rise over the first ``warmupSteps`` (at most a fifth of the training) multiplies the schedule.
  func rate(step: Int, of steps: Int) -> Double {
    let progress = Double(step) / Double(max(1, steps))
    let warmup = min(warmupSteps, steps / 5)
    let rise = step < warmup ? Double(step + 1) / Double(warmup + 1) : 1
    return rise * scheduled(progress)
  }

  private func scheduled(_ progress: Double) -> Double {
    switch schedule {
    case .cosine:
      let share = (1 + cos(Double.pi * progress)) / 2
      return to + (from - to) * share
    case .steps:
      if progress < 2.0 / 3 { return from }
      return progress < 11.0 / 12 ? max(from / 10, to) : max(from / 100, to)
    }
  }
}
