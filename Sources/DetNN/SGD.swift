public import DetTensor

/// Stochastic gradient descent with momentum, as PyTorch's: v = momentum · v + g, w -= rate · v.
public final class SGD: Optimizer {
  /// The step size; set it from a schedule before every step.
  public var rate: Double
  /// How much of the last step is kept.
  public let momentum: Double
  private let parameters: OptimizedParameters
  private let momenta: [Tensor]

  /// Trains what the store holds that is not frozen now; weight decay spares biases and the weights of normalisations, unless
  /// `decaysAll` says otherwise.
  public init(
    _ store: ParameterStore, rate: Double, momentum: Double = 0.9, weightDecay: Double = 1e-4,
    decaysAll: Bool = false
  ) {
    self.rate = rate
    self.momentum = momentum
    parameters = OptimizedParameters(store, weightDecay: weightDecay, decaysAll: decaysAll)
    momenta = parameters.zeros()
  }

  /// See ``Optimizer/step(clip:)``.
  @discardableResult
  public func step(clip: Double? = nil) -> Double {
    parameters.step(clip: clip) { divisor in
      Optimization.stepSGD(
        parameters.tensors, momenta: momenta, decays: parameters.decays, rate: rate,
        momentum: momentum, gradientDivisor: divisor)
    }
  }

  /// The momenta under their parameters' paths.
  public var state: [(name: String, tensor: Tensor)] { parameters.named("momentum", momenta) }
}
