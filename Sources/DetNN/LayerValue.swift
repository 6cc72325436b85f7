public import DetTensor

/// What flows through layers: the numbers of a tensor, or the record of what is to be done with them.
///
/// Layers are written over this protocol once. Run on tensors they train and infer; run on another conformer they say what
/// they consist of, so that what is exported is what was trained.
public protocol LayerValue {
  /// The size of each dimension.
  var shape: [Int] { get }

  /// activation(norm(conv(self)) + residual).
  func through(
    _ conv: Conv2d, _ norm: Norm, adding residual: Self?, _ activation: Activation
  ) -> Self
  /// The results of convolutions of one geometry for the same input.
  func throughEach(_ convs: [Conv2d]) -> [Self]
  /// activation(linear(self)).
  func through(_ linear: Linear, _ activation: Activation) -> Self
  /// A convolution whose taps are moved by offsets.
  func through(_ conv: DeformableConv2d, offsets: Self) -> Self

  /// The largest element of each window.
  func maxPooled(_ kernel: Int, stride: Int, padding: Int) -> Self
  /// [N, C, H, W] resampled to another size.
  func interpolated(toHeight height: Int, width: Int, mode: Tensor.Interpolation) -> Self
  /// max(x, 0).
  func relu() -> Self
  /// max(x, 0) of a value that nothing else reads.
  func relu_() -> Self
  /// The dimensions `from` … `through` as one.
  func flattened(from: Int, through: Int) -> Self
  /// The mean over dimensions.
  func mean(_ dims: [Int], keepDims: Bool) -> Self
  /// The elements as another kind.
  func to(_ dtype: DType) -> Self
  /// Laid out for convolutions.
  func channelsLast() -> Self
  /// The same, which gradients do not flow through.
  func detached() -> Self
}

extension LayerValue {
  /// The size of one dimension, counted from 0.
  public func size(_ dimension: Int) -> Int { shape[dimension] }
}

extension Tensor: LayerValue {
  /// activation(norm(convolution(x)) + residual): one kernel where the store's ``InferencePlan`` is in force.
  public func through(
    _ conv: Conv2d, _ norm: Norm, adding residual: Tensor?, _ activation: Activation
  ) -> Tensor {
    if let plan = conv.store.plan { return plan(conv, self, norm, adding: residual, activation) }
    if case .batch(let batch) = norm, batch.keepsStatistics {
      // With statistics that stay, filters and bias take the norm in: the map between the two is neither made nor kept for
      // the gradient.
      let (weight, bias) = conv.folded(batch)
      return Norm.none(convolved(conv, weight, bias), adding: residual, activation)
    }
    return norm(convolved(conv, conv.effectiveWeight, conv.bias), adding: residual, activation)
  }

  private func convolved(_ conv: Conv2d, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    convolved(
      weight, bias: bias, stride: conv.stride, padding: conv.padding, dilation: conv.dilation,
      groups: conv.groups)
  }

  /// The results of convolutions of one geometry for the same input; the plan computes them as one.
  public func throughEach(_ convs: [Conv2d]) -> [Tensor] {
    guard let plan = convs.first?.store.plan else { return convs.map { $0(self) } }
    return plan.together(convs, self)
  }

  /// activation(linear(x)).
  public func through(_ linear: Linear, _ activation: Activation) -> Tensor {
    if let plan = linear.store.plan, dimensions == 2 { return plan(linear, self, activation) }
    return self.linear(linear.weight, linear.bias).activated_(activation)
  }

  /// A convolution whose taps are moved by offsets.
  public func through(_ conv: DeformableConv2d, offsets: Tensor) -> Tensor {
    deformConvolved(conv.weight, offsets: offsets, padding: conv.padding)
  }
}
