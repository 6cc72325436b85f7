public import DetTensor

/// Adam with weight decay apart from the gradient (Loshchilov & Hutter 2019), as PyTorch's.
public final class AdamW: Optimizer {
  /// The step size; set it from a schedule before every step.
  public var rate: Double
  /// How much is kept of the mean of gradients.
  public let momentum: Double
  /// How much is kept of the mean of their squares.
  public let squareMomentum: Double
  private let parameters: OptimizedParameters
  private let momenta: [Tensor]
  private let squares: [Tensor]
  /// Steps taken so far, a number beside the parameters.
  private let steps: Tensor

  /// What is added to the root of the mean square, so that none is too small to divide by; PyTorch's default.
  public static let epsilon = 1e-8

  /// Trains what the store holds that is not frozen now; weight decay spares biases and the weights of normalisations, unless
  /// `decaysAll` says otherwise.
  public init(
    _ store: ParameterStore, rate: Double, momentum: Double = 0.9, squareMomentum: Double = 0.999,
    weightDecay: Double = 0.01, decaysAll: Bool = false
  ) {
    self.rate = rate
    self.momentum = momentum
    self.squareMomentum = squareMomentum
    parameters = OptimizedParameters(store, weightDecay: weightDecay, decaysAll: decaysAll)
    momenta = parameters.zeros()
    squares = parameters.zeros()
    steps = .zeros([], device: store.device)
  }

  /// See ``Optimizer/step(clip:)``.
  @discardableResult
  public func step(clip: Double? = nil) -> Double {
    parameters.step(clip: clip) { divisor in
      Optimization.stepAdamW(
        parameters.tensors, momenta: momenta, squares: squares, decays: parameters.decays,
        steps: steps, rate: rate, momentum: momentum, squareMomentum: squareMomentum,
        epsilon: Self.epsilon, gradientDivisor: divisor)
    }
  }

  /// Both means under their parameters' paths, and the number of steps.
  public var state: [(name: String, tensor: Tensor)] {
    parameters.named("momentum", momenta) + parameters.named("square", squares)
      + [("optimizer.steps", steps)]
  }
}
