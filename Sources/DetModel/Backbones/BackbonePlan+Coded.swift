import DetSpec

extension BackbonePlan {
  /// A backbone of a stage code.
  ///
  /// The stem is two 3x3 convolutions of stride 2, 3 → base/2 → base. The first block of stages 2 to 4 halves the
  /// resolution. A "2" doubles the width from its block on, wherever it stands in a stage.
  init(_ code: StageCode) {
    let stem = StemPlan(
      layers: [
        StemPlan.Layer(conv: "conv1", norm: "bn1", outputs: code.base / 2, kernel: 3),
        StemPlan.Layer(conv: "conv2", norm: "bn2", outputs: code.base, kernel: 3),
      ], pools: false, activation: .relu)
    self.init(
      stem: stem, stages: Self.stages(code.block, base: code.base, widths: code.widths))
  }

  /// A published residual network (ResNet, ResNeXt), of the published base channels or others.
  ///
  /// The stem is one 7x7 convolution of stride 2 and a maximum; each stage after the first doubles the width.
  init(residual name: ClassicBackbone, base: Int) {
    let stem = StemPlan(
      layers: [StemPlan.Layer(conv: "conv1", norm: "bn1", outputs: base, kernel: 7)],
      pools: true, activation: .relu)
    let widths = name.blocks.enumerated().map { stage, blocks in
      [Int](repeating: base << stage, count: blocks)
    }
    self.init(stem: stem, stages: Self.stages(name.block, base: base, widths: widths))
  }

  /// Blocks under torchvision's names, `layer1.0` and so on.
  private static func stages(_ kind: BlockKind, base: Int, widths: [[Int]]) -> [[BlockPlan]] {
    var inputs = base
    return widths.enumerated().map { stage, widths in
      widths.enumerated().map { index, width in
        let block = block(
          kind, path: "layer\(stage + 1).\(index)", base: base, inputs: inputs, width: width,
          stride: stage > 0 && index == 0 ? 2 : 1)
        inputs = block.outputs
        return block
      }
    }
  }

  private static func block(
    _ kind: BlockKind, path: String, base: Int, inputs: Int, width: Int, stride: Int
  ) -> BlockPlan {
    let outputs = width * kind.expansion
    // One of the groups of an xbottleneck has 4 channels at the base width: 32x4d at base 64.
    let (form, inside): (BlockPlan.Kind, Int) =
      switch kind {
      case .basicblock: (.basic, width)
      case .bottleneck: (.bottleneck(groups: 1), width)
      case .xbottleneck: (.bottleneck(groups: base / 2), 2 * width)
      case .mbblock: (.inverted, 6 * inputs)
      }
    return BlockPlan(
      path: path, kind: form, inputs: inputs, width: inside, outputs: outputs, stride: stride)
  }
}
