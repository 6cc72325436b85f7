import DetNN
import DetTensor

/// Two 3x3 convolutions around a shortcut (He et al. 2016, figure 5 left).
struct BasicBlock {
  let first: ConvNorm
  let second: ConvNorm
  let shortcut: Shortcut

  init(_ scope: Scope, _ plan: BlockPlan, _ settings: LayerSettings) {
    first = ConvNorm(
      conv: scope / "conv1", norm: scope / "bn1",
      ConvShape(inputs: plan.inputs, outputs: plan.width, kernel: 3, stride: plan.stride), settings)
    second = ConvNorm(
      conv: scope / "conv2", norm: scope / "bn2",
      ConvShape(inputs: plan.width, outputs: plan.outputs, kernel: 3), settings, activation: .none)
    shortcut = Shortcut(scope / "downsample", plan, settings)
  }

  /// [N, inputs, H, W] → [N, outputs, H / stride, W / stride].
  func callAsFunction(_ x: Tensor) -> Tensor {
    (second(first(x)) + shortcut(x)).relu_()
  }
}
