import DetNN
import DetSpec
import DetTensor

/// Two 3x3 convolutions around a shortcut (He et al. 2016, figure 5 left).
struct BasicBlock {
  let first: ConvNorm
  let second: ConvNorm
  let shortcut: Shortcut

  init(_ scope: Scope, _ layout: BlockLayout, _ settings: LayerSettings) {
    let convolutions = layout.convolutions
    first = ConvNorm(conv: scope / "conv1", norm: scope / "bn1", convolutions[0], settings)
    second = ConvNorm(conv: scope / "conv2", norm: scope / "bn2", convolutions[1], settings)
    shortcut = Shortcut(scope / "downsample", layout, settings)
  }

  /// [N, inChannels, H, W] → [N, outChannels, H / stride, W / stride].
  func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    second(first(x), adding: shortcut(x))
  }
}
