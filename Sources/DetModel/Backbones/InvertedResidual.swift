import DetNN
import DetTensor

/// A 1x1 expansion, a depthwise 3x3 and a linear 1x1 projection (Sandler et al. 2018, figure 4d).
///
/// The input is added where the shape stays; elsewhere there is no shortcut, not even a projected one, as published.
/// In a coded backbone every block expands its input six times.
struct InvertedResidual {
  let layers: [ConvNorm]
  let adds: Bool

  init(_ scope: Scope, _ plan: BlockPlan, _ settings: LayerSettings) {
    let scope = scope / "conv"
    var layers: [ConvNorm] = []
    if plan.width != plan.inputs {
      let expand = ConvShape(inputs: plan.inputs, outputs: plan.width, kernel: 1)
      layers.append(ConvNorm(sequence: scope / 0, expand, settings, activation: .relu6))
    }
    let depthwise = ConvShape(
      inputs: plan.width, outputs: plan.width, kernel: 3, stride: plan.stride, groups: plan.width)
    layers.append(
      ConvNorm(sequence: scope / layers.count, depthwise, settings, activation: .relu6))
    let project = ConvShape(inputs: plan.width, outputs: plan.outputs, kernel: 1)
    layers.append(
      ConvNorm(
        conv: scope / layers.count, norm: scope / (layers.count + 1), project, settings,
        activation: .none))
    self.layers = layers
    adds = plan.keepsShape
  }

  /// [N, inputs, H, W] → [N, outputs, H / stride, W / stride].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = layers.reduce(x) { $1($0) }
    return adds ? y + x : y
  }
}
