import DetNN
import DetSpec
import DetTensor

/// A 1x1 expansion, a depthwise 3x3 and a linear 1x1 projection (Sandler et al. 2018, figure 4d).
///
/// The input is added where the shape stays; elsewhere there is no shortcut, not even a projected one, as published.
struct InvertedResidual {
  let layers: [ConvNorm]
  let adds: Bool

  init(_ scope: Scope, _ layout: BlockLayout, _ settings: LayerSettings) {
    let scope = scope / "conv"
    let convolutions = layout.convolutions
    let last = convolutions.count - 1
    layers = convolutions.enumerated().map { index, convolution in
      index < last
        ? ConvNorm(sequence: scope / index, convolution, settings, activation: .relu6)
        : ConvNorm(
          conv: scope / last, norm: scope / (last + 1), convolution, settings, activation: .none)
    }
    adds = layout.hasShortcut
  }

  /// [N, inChannels, H, W] → [N, outChannels, H / stride, W / stride].
  func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    let expanded = layers.dropLast().reduce(x) { $1($0) }
    return layers[layers.count - 1](expanded, adding: adds ? x : nil)
  }
}
