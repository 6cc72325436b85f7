import DetNN
import DetSpec
import DetTensor

/// 1x1, 3x3 and 1x1 convolutions around a shortcut (He et al. 2016, figure 5 right).
///
/// The 3x3 convolution has the stride, as torchvision has it, and works in groups in a ResNeXt (Xie et al. 2017).
struct Bottleneck {
  let reduce: ConvNorm
  let spatial: ConvNorm
  let expand: ConvNorm
  let shortcut: Shortcut

  init(_ scope: Scope, _ layout: BlockLayout, _ settings: LayerSettings) {
    let convolutions = layout.convolutions
    reduce = ConvNorm(conv: scope / "conv1", norm: scope / "bn1", convolutions[0], settings)
    spatial = ConvNorm(conv: scope / "conv2", norm: scope / "bn2", convolutions[1], settings)
    expand = ConvNorm(conv: scope / "conv3", norm: scope / "bn3", convolutions[2], settings)
    shortcut = Shortcut(scope / "downsample", layout, settings)
  }

  /// [N, inChannels, H, W] → [N, outChannels, H / stride, W / stride].
  func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    expand(spatial(reduce(x)), adding: shortcut(x))
  }
}
