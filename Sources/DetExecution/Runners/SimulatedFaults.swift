import DetBasics

/// Trainings that crash on simulated time, each at a moment of its own.
package struct SimulatedFaults: Sendable {
  private let share: Double
  private let generator: Generator

  /// A share of the trainings, 0 … 1; the same of the same seed.
  package init(share: Double, seed: UInt64) {
    self.share = share
    generator = Generator(seed: seed).stream("faults")
  }

  /// After which share of its time a trial crashes; nil for one that does not.
  func crash(ofTrial trial: Int) -> Double? {
    var stream = generator.stream("trial", trial)
    return stream.uniform() < share ? stream.uniform() : nil
  }
}
