public import DetTensor

/// What takes steps down the gradients of a store's parameters.
public protocol Optimizer: AnyObject {
  /// The step size; set it from a schedule before every step.
  var rate: Double { get set }

  /// Takes a step down the gradients and forgets them.
  ///
  /// Gradients whose 2-norm over all parameters is above `clip` are scaled down to it. When the norm is not finite nothing
  /// changes. Returns the norm before clipping.
  @discardableResult
  func step(clip: Double?) -> Double

  /// What it keeps between steps, by name, for a checkpoint; the tensors are the optimizer's own.
  var state: [(name: String, tensor: Tensor)] { get }
}

/// Parameters that an optimizer changes, with the weight decay of each.
struct OptimizedParameters {
  let entries: [ParameterStore.Entry]
  let tensors: [Tensor]
  let decays: [Double]

  /// What the store holds that is not frozen now. Weight decay spares biases and the weights of normalisations, unless it is
  /// for all.
  init(_ store: ParameterStore, weightDecay: Double, decaysAll: Bool) {
    entries = store.trainable
    tensors = entries.map(\.tensor)
    decays = entries.map { $0.decays || decaysAll ? weightDecay : 0 }
  }

  /// Zeros of each parameter's shape.
  func zeros() -> [Tensor] { tensors.map { Tensor.zeros(like: $0) } }

  /// The tensors that belong to the parameters under their paths and a word.
  func named(_ word: String, _ own: [Tensor]) -> [(name: String, tensor: Tensor)] {
    zip(entries, own).map { ("\($0.name).\(word)", $1) }
  }

  /// Finds the norm of the gradients, has a step taken where it is finite, and forgets them; the norm before clipping.
  ///
  /// `take` gets what gradients are to be divided by.
  func step(clip: Double?, _ take: (_ divisor: Double) -> Void) -> Double {
    let norm = Optimization.gradientNorm(tensors)
    if norm.isFinite { take(clip.map { max(1, norm / $0) } ?? 1) }
    Optimization.dropGradients(tensors)
    return norm
  }
}
