public import DetTensor

/// A second set of values for all tensors of a store, running statistics included, that can take their place for a while.
public final class WeightCopy {
  private let store: ParameterStore
  /// The store's tensors.
  let tensors: [Tensor]
  /// The other values, in the same order.
  let values: [Tensor]

  /// Copies what the store holds now.
  public init(_ store: ParameterStore) {
    self.store = store
    tensors = store.entries.map(\.tensor)
    values = tensors.map { $0.detached().cloned() }
  }

  /// Takes what the store holds now in the place of what was copied before.
  public func take() {
    withoutGradient {
      for (tensor, value) in zip(tensors, values) { value.copy_(tensor) }
    }
  }

  /// Runs the body with the copy in the store's place, then puts the store's own values back.
  public func whileApplied<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  /// The copied values under their paths, in the store's order.
  public var state: [(name: String, tensor: Tensor)] {
    zip(store.entries, values).map { ($0.name, $1) }
  }

  private func exchange() {
    withoutGradient {
      for (tensor, value) in zip(tensors, values) {
        let held = tensor.cloned()
        tensor.copy_(value)
        value.copy_(held)
      }
    }
  }
}
