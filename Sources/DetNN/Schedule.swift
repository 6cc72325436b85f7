import Foundation

/// A learning rate as a function of progress: 0 at the start of training, 1 at its end.
///
/// ```swift
/// let schedule = Schedule.cosine(from: 0.02, to: 0.0002).warmedUp(for: 0.05, from: 0.002)
/// optimizer.rate = schedule(Double(step) / Double(steps))
/// ```
public indirect enum Schedule: Equatable, Sendable {
  /// The same throughout.
  case constant(Double)
  /// Half a cosine wave from one value to the other (Loshchilov & Hutter 2017).
  case cosine(from: Double, to: Double)
  /// A straight line from one value to the other.
  case linear(from: Double, to: Double)
  /// A value, multiplied by the factor at every milestone of progress that was reached.
  case steps(from: Double, milestones: [Double], factor: Double)
  /// A straight line from `start` to where the other schedule stands at the end of the warm-up, then that one.
  case warmUp(until: Double, from: Double, Schedule)

  /// This schedule after a linear rise that takes the given share of training.
  public func warmedUp(for share: Double, from start: Double) -> Schedule {
    share > 0 ? .warmUp(until: share, from: start, self) : self
  }

  /// The value at a progress of 0 … 1; beyond, that of the nearer end.
  public func callAsFunction(_ progress: Double) -> Double {
    let progress = min(max(progress, 0), 1)
    switch self {
    case .constant(let value): return value
    case .linear(let from, let to): return from + (to - from) * progress
    case .cosine(let from, let to):
      let wave = (1 + cos(Double.pi * progress)) / 2
      return to + (from - to) * wave
    case .steps(let from, let milestones, let factor):
      let reached = milestones.filter { $0 <= progress }.count
      return from * pow(factor, Double(reached))
    case .warmUp(let until, let start, let schedule):
      guard progress < until else { return schedule(progress) }
      return start + (schedule(until) - start) * (progress / until)
    }
  }
}
