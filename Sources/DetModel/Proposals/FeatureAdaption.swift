import DetNN
import DetSpec
import DetTensor

/// Fits the features of each cell to the anchor predicted there: a deformable 3x3 convolution whose offsets follow
/// from the anchor's shape by a 1x1 convolution (Wang et al. 2019, section 3.4).
struct FeatureAdaption {
  let offsets: Conv2d
  let conv: DeformableConv2d

  init(_ scope: Scope, offsets: ConvolutionLayout, _ layout: ConvolutionLayout) {
    self.offsets = Conv2d(scope / "offset", offsets, initializer: .normal(deviation: 0.1))
    conv = DeformableConv2d(
      scope / "conv", inputs: layout.inChannels, outputs: layout.outChannels,
      kernel: layout.kernel, initializer: .normal(deviation: 0.01))
  }

  /// [N, C, H, W] features and [N, 2, H, W] shapes → [N, C, H, W]; the shapes get no gradient from here.
  func callAsFunction<Value: LayerValue>(_ x: Value, shapes: Value) -> Value {
    conv(x, offsets: offsets(shapes.detached())).relu_()
  }
}
