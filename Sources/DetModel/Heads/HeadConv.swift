import DetNN
import DetTensor

/// A 3x3 convolution of a proposal network or a dense head, and its activation, under torchvision's names.
///
/// It has a bias, or normalisation instead where the recipe normalises heads.
struct HeadConv {
  let conv: Conv2d
  let norm: Norm

  init(_ scope: Scope, channels: Int, _ settings: LayerSettings, normalizes: Bool) {
    conv = Conv2d(
      scope / 0, inputs: channels, outputs: channels, kernel: 3, bias: !normalizes,
      weightStandardized: normalizes && settings.weightStandardized,
      initializer: .normal(deviation: 0.01))
    norm = Norm(
      scope / 1, normalizes ? settings.normalization(channels: channels) : .none,
      channels: channels)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { conv(x, norm, .relu) }
}
