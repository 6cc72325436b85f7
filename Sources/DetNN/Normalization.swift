public import DetTensor

/// Which normalisation follows a convolution: a choice of the recipe.
public enum Normalization: Hashable, Sendable {
  /// Batch normalisation, and what of it is learnt.
  case batch(BatchNorm.Learning)
  /// Group normalisation with at most this many groups.
  case group(groups: Int)
  /// None.
  case none
}

/// Batch normalisation under torchvision's names: weight, bias, running_mean, running_var.
public struct BatchNorm {
  /// What is added to variances, so that none is too small to divide by; PyTorch's default.
  public static let epsilon = 1e-5

  /// What training changes.
  public enum Learning: Hashable, Sendable {
    /// Scale and shift are learnt, statistics are those of the batch, and running ones are kept.
    case everything
    /// Scale and shift are learnt, statistics stay as loaded.
    case scaleAndShift
    /// Everything stays as loaded.
    case nothing
  }

  let weight: Tensor
  let bias: Tensor
  let mean: Tensor
  let variance: Tensor
  let learning: Learning
  let store: ParameterStore

  /// Makes the layer. With `zeroWeight` a residual branch starts as nothing (Goyal et al. 2017).
  public init(
    _ scope: Scope, channels: Int, learning: Learning = .everything, zeroWeight: Bool = false
  ) {
    let start: Initializer = .constant(zeroWeight ? 0 : 1)
    weight = scope.parameter("weight", shape: [channels], start, decays: false)
    bias = scope.parameter("bias", shape: [channels], .constant(0), decays: false)
    mean = scope.buffer("running_mean", shape: [channels], .constant(0))
    variance = scope.buffer("running_var", shape: [channels], .constant(1))
    self.learning = learning
    store = scope.store
    if learning == .nothing {
      weight.requiresGradient = false
      bias.requiresGradient = false
    }
  }

  /// [N, C, H, W] → the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.batchNormalized(
      weight: weight, bias: bias, runningMean: mean, runningVariance: variance,
      training: store.isTraining && !keepsStatistics, epsilon: Self.epsilon)
  }

  /// Whether statistics stay as loaded, in training too.
  var keepsStatistics: Bool { learning != .everything }

  /// What it does in use as a factor and a summand for each channel.
  var folded: (scale: Tensor, shift: Tensor) {
    let scale = weight / (variance + Self.epsilon).sqrt()
    return (scale, bias - mean * scale)
  }
}

/// Group normalisation.
public struct GroupNorm {
  package let groups: Int
  package let weight: Tensor
  package let bias: Tensor

  /// Makes the layer; the number of groups is the largest one up to `groups` that divides the channels.
  public init(_ scope: Scope, channels: Int, groups: Int = 32, zeroWeight: Bool = false) {
    precondition(groups > 0, "\(scope.path): groups must be positive, not \(groups)")
    self.groups = (1...min(groups, channels)).last { channels % $0 == 0 } ?? 1
    weight = scope.parameter(
      "weight", shape: [channels], .constant(zeroWeight ? 0 : 1), decays: false)
    bias = scope.parameter("bias", shape: [channels], .constant(0), decays: false)
  }

  /// activation(norm(x) + residual), [N, C, …] → the same shape.
  public func callAsFunction(
    _ x: Tensor, adding residual: Tensor? = nil, _ activation: Activation = .none
  ) -> Tensor {
    x.groupNormalized(
      groups: groups, weight: weight, bias: bias, adding: residual, activation)
  }
}

/// The normalisation that the recipe chose.
public enum Norm {
  /// Batch normalisation.
  case batch(BatchNorm)
  /// Group normalisation.
  case group(GroupNorm)
  /// Nothing is done.
  case none

  /// Makes the layer of the chosen kind.
  public init(_ scope: Scope, _ kind: Normalization, channels: Int, zeroWeight: Bool = false) {
    switch kind {
    case .batch(let learning):
      self = .batch(
        BatchNorm(scope, channels: channels, learning: learning, zeroWeight: zeroWeight))
    case .group(let groups):
      self = .group(GroupNorm(scope, channels: channels, groups: groups, zeroWeight: zeroWeight))
    case .none: self = .none
    }
  }

  /// activation(norm(x) + residual), [N, C, H, W] → the same shape. `x` may be overwritten.
  public func callAsFunction(
    _ x: Tensor, adding residual: Tensor? = nil, _ activation: Activation = .none
  ) -> Tensor {
    let y: Tensor
    switch self {
    case .group(let norm): return norm(x, adding: residual, activation)
    case .batch(let norm): y = norm(x)
    case .none: y = x
    }
    // In place, because neither convolution nor normalisation needs its own result to find its gradients.
    return (residual.map { y + $0 } ?? y).activated_(activation)
  }
}
