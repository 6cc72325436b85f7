import DetNN
import DetTensor

/// 1x1, 3x3 and 1x1 convolutions around a shortcut (He et al. 2016, figure 5 right).
///
/// The 3x3 convolution has the stride, as torchvision has it, and works in groups in a ResNeXt (Xie et al. 2017).
struct Bottleneck {
  let reduce: ConvNorm
  let spatial: ConvNorm
  let expand: ConvNorm
  let shortcut: Shortcut

  init(_ scope: Scope, _ plan: BlockPlan, groups: Int, _ settings: LayerSettings) {
    reduce = ConvNorm(
      conv: scope / "conv1", norm: scope / "bn1",
      ConvShape(inputs: plan.inputs, outputs: plan.width, kernel: 1), settings)
    spatial = ConvNorm(
      conv: scope / "conv2", norm: scope / "bn2",
      ConvShape(
        inputs: plan.width, outputs: plan.width, kernel: 3, stride: plan.stride, groups: groups),
      settings)
    expand = ConvNorm(
      conv: scope / "conv3", norm: scope / "bn3",
      ConvShape(inputs: plan.width, outputs: plan.outputs, kernel: 1), settings, activation: .none)
    shortcut = Shortcut(scope / "downsample", plan, settings)
  }

  /// [N, inputs, H, W] → [N, outputs, H / stride, W / stride].
  func callAsFunction(_ x: Tensor) -> Tensor {
    (expand(spatial(reduce(x))) + shortcut(x)).relu_()
  }
}
