import DetNN
import DetSpec
import DetTensor

/// A convolution, its normalisation or bias, a sum and its activation: the unit that inference fuses to one kernel.
struct ConvNorm {
  let conv: Conv2d
  let norm: Norm
  let activation: Activation

  /// Makes them as the layout says; convolution and normalisation lie under paths of their own, as checkpoints have
  /// them.
  ///
  /// Only weights in front of a normalisation are standardised: it gives them back the scale that they lose.
  init(
    conv convScope: Scope, norm normScope: Scope, _ layout: ConvolutionLayout,
    _ settings: LayerSettings, initializer: Initializer = .kaimingNormalFanOut,
    activation: Activation = .relu
  ) {
    conv = Conv2d(
      convScope, layout, weightStandardized: layout.hasNorm && settings.weightStandardized,
      initializer: initializer)
    norm = Norm(
      normScope,
      layout.hasNorm ? settings.normalization(channels: layout.outChannels) : .none,
      channels: layout.outChannels)
    self.activation = activation
  }

  /// The same under torchvision's names for a sequence: "0" for the convolution, "1" for the normalisation.
  init(
    sequence scope: Scope, _ layout: ConvolutionLayout, _ settings: LayerSettings,
    initializer: Initializer = .kaimingNormalFanOut, activation: Activation = .relu
  ) {
    self.init(
      conv: scope / 0, norm: scope / 1, layout, settings, initializer: initializer,
      activation: activation)
  }

  /// [N, inputs, H, W] → [N, outputs, H', W']; the residual is added before the activation.
  func callAsFunction<Value: LayerValue>(_ x: Value, adding residual: Value? = nil) -> Value {
    conv(x, norm, adding: residual, activation)
  }
}
