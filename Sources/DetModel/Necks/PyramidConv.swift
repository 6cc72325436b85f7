import DetNN
import DetSpec
import DetTensor

/// A convolution of a neck or head: with a bias, or with group normalisation instead (Wu & He 2018, section 4.2).
///
/// Names: `weight` and `bias`, or those of a sequence, "0.weight", "1.weight" and "1.bias"; torchvision's pyramids wrap
/// the first kind in a sequence too, which `sequence` asks for.
struct PyramidConv {
  let conv: Conv2d
  let norm: Norm

  init(_ scope: Scope, _ layout: ConvolutionLayout, _ settings: LayerSettings, sequence: Bool) {
    let normalizes = settings.normalizesNeckAndHead
    // Standardised weights lose their scale, so there must be a normalisation to give it back.
    conv = Conv2d(
      sequence || normalizes ? scope / 0 : scope, inputs: layout.inChannels,
      outputs: layout.outChannels,
      kernel: layout.kernel, stride: layout.stride, groups: layout.groups, bias: !normalizes,
      weightStandardized: normalizes && settings.weightStandardized, initializer: .caffe2Uniform)
    norm = Norm(
      scope / 1, normalizes ? settings.normalization(channels: layout.outChannels) : .none,
      channels: layout.outChannels)
  }

  /// [N, inputs, H, W] → [N, outputs, H / stride, W / stride], plus the residual.
  func callAsFunction(_ x: Tensor, adding residual: Tensor? = nil) -> Tensor {
    conv(x, norm, adding: residual)
  }
}
