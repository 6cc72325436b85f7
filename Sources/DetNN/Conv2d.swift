public import DetTensor

/// A two-dimensional convolution, optionally with its weights standardised at every step.
public struct Conv2d {
  /// The filters, [outputs, inputs / groups, kernel, kernel].
  public let weight: Tensor
  /// One number for each output; nil without.
  public let bias: Tensor?
  package let stride: Int
  package let padding: Int
  package let dilation: Int
  package let groups: Int
  let weightStandardized: Bool
  let store: ParameterStore

  /// Makes the layer; padding keeps the size at stride 1 unless given.
  public init(
    _ scope: Scope, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil,
    dilation: Int = 1, groups: Int = 1, bias: Bool = false, weightStandardized: Bool = false,
    initializer: Initializer = .kaimingNormalFanOut, biasValue: Double = 0
  ) {
    precondition(
      groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(scope.path): \(inputs) → \(outputs) channels do not divide into \(groups) groups")
    weight = scope.parameter(
      "weight", shape: [outputs, inputs / groups, kernel, kernel], initializer)
    self.bias =
      bias
      ? scope.parameter("bias", shape: [outputs], .constant(biasValue), decays: false) : nil
    self.stride = stride
    self.padding = padding ?? dilation * (kernel - 1) / 2
    self.dilation = dilation
    self.groups = groups
    self.weightStandardized = weightStandardized
    store = scope.store
  }

  /// [N, inputs, H, W] → [N, outputs, H', W'].
  public func callAsFunction<Value: LayerValue>(_ x: Value) -> Value { callAsFunction(x, .none) }

  /// activation(norm(convolution(x)) + residual): one kernel where the store's ``InferencePlan`` is in force.
  public func callAsFunction<Value: LayerValue>(
    _ x: Value, _ norm: Norm, adding residual: Value? = nil, _ activation: Activation = .none
  ) -> Value {
    x.through(self, norm, adding: residual, activation)
  }

  /// The results of convolutions of one geometry for the same input; the plan computes them as one.
  public static func together<Value: LayerValue>(_ layers: [Conv2d], _ x: Value) -> [Value] {
    x.throughEach(layers)
  }

  /// The weight as it meets the input.
  package var effectiveWeight: Tensor {
    weightStandardized ? weight.weightStandardized() : weight
  }

  /// Filters and bias that do what the convolution and the norm behind it do in use: its factor and summand for each output.
  package func folded(_ norm: BatchNorm) -> (weight: Tensor, bias: Tensor) {
    let (scale, shift) = norm.folded
    return (
      effectiveWeight * scale.reshaped([-1, 1, 1, 1]), bias.map { $0 * scale + shift } ?? shift
    )
  }
}
