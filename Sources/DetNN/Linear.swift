public import DetTensor

/// A fully connected layer.
public struct Linear {
  /// [outputs, inputs].
  public let weight: Tensor
  /// One number for each output; nil without.
  public let bias: Tensor?
  let store: ParameterStore

  /// Makes the layer.
  public init(
    _ scope: Scope, inputs: Int, outputs: Int, bias: Bool = true,
    initializer: Initializer = .uniformFanIn, biasValue: Double = 0
  ) {
    weight = scope.parameter("weight", shape: [outputs, inputs], initializer)
    self.bias =
      bias
      ? scope.parameter("bias", shape: [outputs], .constant(biasValue), decays: false) : nil
    store = scope.store
  }

  /// [.., inputs] → [.., outputs].
  public func callAsFunction<Value: LayerValue>(
    _ x: Value, _ activation: Activation = .none
  ) -> Value {
    x.through(self, activation)
  }
}
