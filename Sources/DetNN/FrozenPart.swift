public import DetTensor

/// Leading layers of a model that training leaves as they are.
///
/// They are computed as in use, by an ``InferencePlan`` of their own: fused, without gradients, and with nothing kept for a
/// backward pass. What comes in must not need gradients, so that only layers in front of all that are trained can be frozen.
///
/// ```swift
/// let (stem, frozen) = FrozenPart.make(store) { Stem(scope, layout) }
/// let y = frozen(in: .float32) { stem(images) }  // y.requiresGradient == false
/// ```
public final class FrozenPart {
  private let store: ParameterStore
  private let tensors: [Tensor]
  private var kept: (plan: InferencePlan, version: Int)?

  private init(_ store: ParameterStore, _ entries: [ParameterStore.Entry]) {
    self.store = store
    tensors = entries.map(\.tensor)
  }

  /// Makes layers whose parameters are not trained.
  ///
  /// Their batch norms must be made to learn nothing: a norm asks the store's mode, which is evaluation only in here.
  public static func make<Layers>(
    _ store: ParameterStore, _ layers: () -> Layers
  ) -> (layers: Layers, part: FrozenPart) {
    let (layers, entries) = store.freezing(layers)
    return (layers, FrozenPart(store, entries))
  }

  /// Runs the layers in `body`; inside `inferring` by the whole model's plan.
  public func callAsFunction<Result>(
    in dtype: DType, _ body: () throws -> Result
  ) rethrows -> Result {
    if store.plan != nil { return try body() }
    return try store.computing(by: store.usesInferencePlan ? plan(dtype) : nil, body)
  }

  /// The plan, until a weight of the part changes, as when weights are loaded.
  private func plan(_ dtype: DType) -> InferencePlan {
    let version = Tensor.versions(of: tensors)
    if let kept, kept.version == version, kept.plan.dtype == dtype { return kept.plan }
    let plan = InferencePlan(dtype: dtype)
    kept = (plan, version)
    return plan
  }
}
