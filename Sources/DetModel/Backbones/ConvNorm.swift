import DetNN
import DetTensor

/// What follows a convolution and its normalisation.
enum Activation: Sendable {
  /// Nothing.
  case none
  /// max(x, 0).
  case relu
  /// min(max(x, 0), 6), as MobileNets have it.
  case relu6
}

/// The shape of a convolution.
struct ConvShape {
  var inputs: Int
  var outputs: Int
  var kernel: Int
  var stride = 1
  var groups = 1
}

/// A convolution without bias, its normalisation and its activation: the unit that inference can fuse to one kernel.
struct ConvNorm {
  let conv: Conv2d
  let norm: Norm
  let activation: Activation

  /// Makes the three; convolution and normalisation lie under paths of their own, as checkpoints have them.
  init(
    conv convScope: Scope, norm normScope: Scope, _ shape: ConvShape, _ settings: LayerSettings,
    activation: Activation = .relu
  ) {
    conv = Conv2d(
      convScope, inputs: shape.inputs, outputs: shape.outputs, kernel: shape.kernel,
      stride: shape.stride, groups: shape.groups, weightStandardized: settings.weightStandardized)
    norm = Norm(
      normScope, settings.normalization(channels: shape.outputs), channels: shape.outputs)
    self.activation = activation
  }

  /// The same under torchvision's names for a sequence: "0" for the convolution, "1" for the normalisation.
  init(
    sequence scope: Scope, _ shape: ConvShape, _ settings: LayerSettings,
    activation: Activation = .relu
  ) {
    self.init(conv: scope / 0, norm: scope / 1, shape, settings, activation: activation)
  }

  /// [N, inputs, H, W] → [N, outputs, H', W'].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = norm(conv(x))
    // In place, because no normalisation needs its own result to find its gradients.
    return switch activation {
    case .none: y
    case .relu: y.relu_()
    case .relu6: y.relu6()
    }
  }
}
