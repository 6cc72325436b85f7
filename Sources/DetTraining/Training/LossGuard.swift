import DetBasics

/// Tells when a loss explodes without ever becoming infinite: when the median of the last 50 steps is more than ten times
/// what it was untrained, which is the median of the first 10 steps, and at least 1.
///
/// A training that works has a loss below that of its random start. Peaks of single steps, as a hard image or the end of the
/// warm-up brings, do not move a median of 50; and a loss that only stays where it began is a poor result, not an explosion. A
/// detector that starts from weights that already solve the task has a loss near 0, hence the floor of 1, which is about what
/// an untrained network has.
struct LossGuard: Codable, Hashable, Sendable {
  /// The losses of the first steps.
  private var first: [Double] = []
  /// The losses of the last steps, oldest first.
  private var recent: [Double] = []

  static let firstSteps = 10
  static let steps = 50
  static let factor = 10.0

  /// Takes a step's loss in.
  ///
  /// - Returns: the median of the last steps and what it was untrained, once the loss has exploded; else nil.
  mutating func note(_ loss: Double) -> (now: Double, untrained: Double)? {
    if first.count < Self.firstSteps { first.append(loss) }
    recent.append(loss)
    if recent.count > Self.steps { recent.removeFirst() }
    guard recent.count == Self.steps else { return nil }
    let untrained = max(1, first.sorted().quantile(0.5))
    let now = recent.sorted().quantile(0.5)
    return now > Self.factor * untrained ? (now, untrained) : nil
  }
}
