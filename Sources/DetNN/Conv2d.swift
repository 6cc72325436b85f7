public import DetTensor

/// A two-dimensional convolution, optionally with its weights standardised at every step.
public struct Conv2d {
  /// The filters, [outputs, inputs / groups, kernel, kernel].
  public let weight: Tensor
  /// One number for each output; nil without.
  public let bias: Tensor?
  let stride: Int
  let padding: Int
  let dilation: Int
  let groups: Int
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
  public func callAsFunction(_ x: Tensor) -> Tensor { callAsFunction(x, .none) }

  /// activation(norm(convolution(x)) + residual): one kernel where the store's ``InferencePlan`` is in force.
  public func callAsFunction(
    _ x: Tensor, _ norm: Norm, adding residual: Tensor? = nil, _ activation: Activation = .none
  ) -> Tensor {
    if let plan = store.plan { return plan(self, x, norm, adding: residual, activation) }
    if case .batch(let batch) = norm, batch.keepsStatistics {
      return folded(x, batch, adding: residual, activation)
    }
    return norm(convolved(x, effectiveWeight, bias), adding: residual, activation)
  }

  /// With statistics that stay, the norm is a factor and a summand for each output, which filters and bias take in: the map
  /// between the two is neither made nor kept for the gradient.
  private func folded(
    _ x: Tensor, _ norm: BatchNorm, adding residual: Tensor?, _ activation: Activation
  ) -> Tensor {
    let (scale, shift) = norm.folded
    let y = convolved(
      x, effectiveWeight * scale.reshaped([-1, 1, 1, 1]), bias.map { $0 * scale + shift } ?? shift)
    return Norm.none(y, adding: residual, activation)
  }

  private func convolved(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    x.convolved(
      weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// The results of convolutions of one geometry for the same input; the plan computes them as one.
  public static func together(_ layers: [Conv2d], _ x: Tensor) -> [Tensor] {
    guard let plan = layers.first?.store.plan else { return layers.map { $0(x) } }
    return plan.together(layers, x)
  }

  /// The weight as it meets the input.
  var effectiveWeight: Tensor { weightStandardized ? weight.weightStandardized() : weight }
}
