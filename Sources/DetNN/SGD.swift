public import DetTensor

/// Stochastic gradient descent with momentum, as PyTorch's: v = momentum · v + g, w -= rate · v.
public final class SGD {
  /// The step size; set it from a schedule before every step.
  public var rate: Double
  /// How much of the last step is kept.
  public let momentum: Double
  private let entries: [ParameterStore.Entry]
  private let parameters: [Tensor]
  private let momenta: [Tensor]
  private let decays: [Double]

  /// Trains what the store holds that is not frozen now; weight decay spares biases and the weights of normalisations.
  public init(
    _ store: ParameterStore, rate: Double, momentum: Double = 0.9, weightDecay: Double = 1e-4
  ) {
    self.rate = rate
    self.momentum = momentum
    entries = store.trainable
    parameters = entries.map(\.tensor)
    momenta = parameters.map { Tensor.zeros(like: $0) }
    decays = entries.map { $0.decays ? weightDecay : 0 }
  }

  /// Takes a step down the gradients and forgets them.
  ///
  /// Gradients whose 2-norm over all parameters is above `clip` are scaled down to it. When the norm is not
  /// finite nothing changes. Returns the norm before clipping.
  @discardableResult
  public func step(clip: Double? = nil) -> Double {
    let norm = Optimization.gradientNorm(parameters)
    if norm.isFinite {
      let divisor = clip.map { max(1, norm / $0) } ?? 1
      Optimization.stepSGD(
        parameters, momenta: momenta, decays: decays, rate: rate, momentum: momentum,
        gradientDivisor: divisor)
    }
    Optimization.dropGradients(parameters)
    return norm
  }

  /// The momenta under their parameters' paths, for a checkpoint; the tensors are the optimizer's own.
  public var state: [(name: String, tensor: Tensor)] {
    zip(entries, momenta).map { ("\($0.name).momentum", $1) }
  }
}
