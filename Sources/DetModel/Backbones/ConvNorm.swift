import DetNN
import DetSpec
import DetTensor

/// A convolution without bias, its normalisation, a sum and its activation: the unit that inference fuses to one kernel.
struct ConvNorm {
  let conv: Conv2d
  let norm: Norm
  let activation: Activation

  /// Makes the three; convolution and normalisation lie under paths of their own, as checkpoints have them.
  init(
    conv convScope: Scope, norm normScope: Scope, _ layout: ConvolutionLayout,
    _ settings: LayerSettings,
    activation: Activation = .relu
  ) {
    conv = Conv2d(
      convScope, inputs: layout.inChannels, outputs: layout.outChannels, kernel: layout.kernel,
      stride: layout.stride, groups: layout.groups, weightStandardized: settings.weightStandardized)
    norm = Norm(
      normScope, settings.normalization(channels: layout.outChannels), channels: layout.outChannels)
    self.activation = activation
  }

  /// The same under torchvision's names for a sequence: "0" for the convolution, "1" for the normalisation.
  init(
    sequence scope: Scope, _ layout: ConvolutionLayout, _ settings: LayerSettings,
    activation: Activation = .relu
  ) {
    self.init(conv: scope / 0, norm: scope / 1, layout, settings, activation: activation)
  }

  /// [N, inputs, H, W] → [N, outputs, H', W']; the residual is added before the activation.
  func callAsFunction(_ x: Tensor, adding residual: Tensor? = nil) -> Tensor {
    conv(x, norm, adding: residual, activation)
  }
}
