public import DetTensor

/// A model's layers as inference computes them: each convolution with its normalisation, the sum that follows and the
/// activation in one kernel, weights folded and packed once.
///
/// Batch normalisation is folded into the convolution before it. Group normalisation depends on its input and stays, but
/// the weight standardisation before it is done once, and the activation behind it in its own pass. Layers join the plan
/// when they first run. ``ParameterStore/inferring(in:_:)`` makes plans and drops those whose weights have changed.
public final class InferencePlan {
  /// What layers compute in; parameters stay as they are.
  public let dtype: DType
  private var layers: [Key: FusedConvolution] = [:]
  private static let largestPacked = 1 << 22  // weights

  // The same weight may serve with another norm or activation.
  private struct Key: Hashable {
    let weight: ObjectIdentifier
    let folds: Bool
    let activation: Activation
    let joined: Int
  }

  init(dtype: DType) { self.dtype = dtype }

  /// How many layers have been folded and packed.
  package var count: Int { layers.count }

  /// activation(norm(conv(x)) + residual).
  func callAsFunction(
    _ conv: Conv2d, _ x: Tensor, _ norm: Norm, adding residual: Tensor?, _ activation: Activation
  ) -> Tensor {
    switch norm {
    case .group(let group):
      let y = layer(conv, nil, .none)(x)
      return group(y, adding: residual, activation)
    case .batch(let batch): return layer(conv, batch, activation)(x, adding: residual)
    case .none: return layer(conv, nil, activation)(x, adding: residual)
    }
  }

  /// activation(linear(x)) for [N, inputs].
  func callAsFunction(_ linear: Linear, _ x: Tensor, _ activation: Activation) -> Tensor {
    // Filters beyond the caches come from memory for every block of rows: libtorch's product reads them less often, and
    // does without a packed copy.
    if dtype == linear.weight.dtype && linear.weight.count > Self.largestPacked {
      return x.linear(linear.weight, linear.bias).activated_(activation)
    }
    let key = Key(
      weight: linear.weight.identity, folds: false, activation: activation, joined: 1)
    return made(key) {
      let (outputs, inputs) = (linear.weight.size(0), linear.weight.size(1))
      return FusedConvolution(
        weight: own(linear.weight.reshaped([outputs, inputs, 1, 1])), bias: linear.bias.map(own),
        activation: activation)
    }(x)
  }

  /// The results of several layers as parts of one.
  func together(_ convs: [Conv2d], _ x: Tensor) -> [Tensor] {
    let first = convs[0]
    let fits = convs.allSatisfy {
      $0.stride == first.stride && $0.padding == first.padding && $0.groups == 1
    }
    precondition(
      fits,
      "layers that are computed together have one stride and padding, and no groups")
    let key = Key(
      weight: first.weight.identity, folds: false, activation: .none, joined: convs.count)
    let all = made(key) {
      let biases = convs.map { $0.bias ?? Tensor.zeros([$0.weight.size(0)]).moved(to: x.device) }
      return FusedConvolution(
        weight: own(Tensor.concatenated(convs.map(\.effectiveWeight))),
        bias: own(Tensor.concatenated(biases)), stride: first.stride, padding: first.padding,
        dilation: first.dilation, activation: .none)
    }(x)
    var next = 0
    return convs.map { conv in
      let outputs = conv.weight.size(0)
      defer { next += outputs }
      return all.narrowed(dim: 1, from: next, count: outputs)
    }
  }

  private func layer(_ conv: Conv2d, _ norm: BatchNorm?, _ activation: Activation)
    -> FusedConvolution
  {
    let key = Key(
      weight: conv.weight.identity, folds: norm != nil, activation: activation, joined: 1)
    return made(key) {
      let (weight, bias) = norm.map { conv.folded($0) } ?? (conv.effectiveWeight, conv.bias)
      return FusedConvolution(
        weight: own(weight), bias: bias.map(own), stride: conv.stride, padding: conv.padding,
        dilation: conv.dilation, groups: conv.groups, activation: activation)
    }
  }

  private func made(_ key: Key, _ make: () -> FusedConvolution) -> FusedConvolution {
    if let layer = layers[key] { return layer }
    let layer = make()
    layers[key] = layer
    return layer
  }

  // The layer keeps what it gets: never the parameter itself, which training goes on to change.
  private func own(_ tensor: Tensor) -> Tensor {
    let converted = tensor.to(dtype)
    return converted.detached().cloned()
  }
}
