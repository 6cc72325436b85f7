import DetNN
import DetTensor

/// A convolution of a neck or head: with a bias, or with group normalisation instead (Wu & He 2018, section 4.2).
///
/// Names: `weight` and `bias`, or those of a sequence, "0.weight", "1.weight" and "1.bias"; torchvision's pyramids wrap
/// the first kind in a sequence too, which `sequence` asks for.
struct PyramidConv {
  let conv: Conv2d
  let norm: Norm

  init(_ scope: Scope, _ shape: ConvShape, _ settings: LayerSettings, sequence: Bool) {
    let normalizes = settings.normalizesNeckAndHead
    // Standardised weights lose their scale, so there must be a normalisation to give it back.
    conv = Conv2d(
      sequence || normalizes ? scope / 0 : scope, inputs: shape.inputs, outputs: shape.outputs,
      kernel: shape.kernel, stride: shape.stride, groups: shape.groups, bias: !normalizes,
      weightStandardized: normalizes && settings.weightStandardized, initializer: .caffe2Uniform)
    norm = Norm(
      scope / 1, normalizes ? settings.normalization(channels: shape.outputs) : .none,
      channels: shape.outputs)
  }

  /// [N, inputs, H, W] → [N, outputs, H / stride, W / stride].
  func callAsFunction(_ x: Tensor) -> Tensor { norm(conv(x)) }
}
