internal import DetTensor

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
public final class AdamW {
  /// The step size; set it from a schedule before every step.
  public var rate: Double
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let entries: [ParameterStore.Entry]
  private let parameters: [Tensor]
  private let firsts: [Tensor]
  private let seconds: [Tensor]
  private let decays: [Double]
  private var steps = 0

  /// Trains what the store holds that is not frozen now.
  ///
  /// With `sparesNormalization`, weight decay leaves biases and the weights of normalisations alone.
  public init(
    _ store: ParameterStore, rate: Double, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, sparesNormalization: Bool = true
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    entries = store.trainable
    parameters = entries.map(\.tensor)
    firsts = parameters.map { Tensor.zeros(like: $0) }
    seconds = parameters.map { Tensor.zeros(like: $0) }
    decays = entries.map { $0.decays || !sparesNormalization ? weightDecay : 0 }
  }

  /// Takes a step and forgets the gradients, under the same rules as ``SGD/step(clip:)``.
  @discardableResult
  public func step(clip: Double? = nil) -> Double {
    let norm = Optimization.gradientNorm(parameters)
    if norm.isFinite {
      steps += 1
      let constants = Optimization.AdamConstants(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
      Optimization.stepAdamW(
        parameters, firsts: firsts, seconds: seconds, decays: decays, constants, step: steps,
        gradientDivisor: clip.map { max(1, norm / $0) } ?? 1)
    }
    Optimization.dropGradients(parameters)
    return norm
  }
}
