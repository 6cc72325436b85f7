public import DetTensor

/// A running average of all parameters, which often scores better than the parameters themselves.
///
/// The decay rises as (1 + steps) / (10 + steps) up to its limit, so that short trainings are not
/// held back by their random start. Running statistics are averaged alike.
public final class ExponentialMovingAverage {
  private let decay: Double
  private let averages: WeightCopy
  /// How often the average was moved.
  public private(set) var steps: Int

  /// Starts the average at the values the store holds now; `steps` says how many went before, when a
  /// training is resumed.
  public init(_ store: ParameterStore, decay: Double = 0.999, steps: Int = 0) {
    precondition((0..<1).contains(decay), "a decay is at least 0 and less than 1, not \(decay)")
    self.decay = decay
    self.steps = steps
    averages = WeightCopy(store)
  }

  /// Moves the average towards the store's values; call it after every step of the optimizer.
  public func update() {
    steps += 1
    let current = min(decay, Double(1 + steps) / Double(10 + steps))
    Optimization.moveAverages(averages.values, towards: averages.tensors, decay: current)
  }

  /// Runs the body with the averages in the store's place, as for evaluation, then puts the values back.
  public func whileApplied<Result>(_ body: () throws -> Result) rethrows -> Result {
    try averages.whileApplied(body)
  }

  /// The averages under their paths, in the store's order.
  public var state: [(name: String, tensor: Tensor)] { averages.state }
}
