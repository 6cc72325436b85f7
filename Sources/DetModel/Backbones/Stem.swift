import DetNN
import DetTensor

/// The first layers of a backbone, which take the image to stride 2 or 4.
struct Stem {
  let layers: [ConvNorm]
  let pools: Bool

  init(_ scope: Scope, _ plan: StemPlan, _ settings: LayerSettings) {
    var inputs = 3
    layers = plan.layers.map { layer in
      let shape = ConvShape(
        inputs: inputs, outputs: layer.outputs, kernel: layer.kernel, stride: 2)
      inputs = layer.outputs
      return ConvNorm(
        conv: scope / layer.conv, norm: scope / layer.norm, shape, settings,
        activation: plan.activation)
    }
    pools = plan.pools
  }

  /// [N, 3, H, W] → [N, C, H / 4, W / 4]; MobileNetV2's: H / 2, W / 2.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let y = layers.reduce(images) { $1($0) }
    return pools ? y.maxPooled(3, stride: 2, padding: 1) : y
  }
}
