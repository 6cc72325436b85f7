import DetSpec

extension BackbonePlan {
  /// MobileNetV2 up to its last inverted residual (`features.17`, 320 channels).
  ///
  /// The 1x1 convolution to 1280 channels that follows it in the published network serves classification alone.
  /// Widths are scaled by base / 32 and rounded to multiples of 8, as torchvision does with its `width_mult`.
  init(mobileNetV2 base: Int) {
    func scaled(_ channels: Int) -> Int {
      Self.multipleOfEight(Double(channels) * Double(base) / 32)
    }
    var inputs = scaled(32)
    let stem = StemPlan(
      layers: [
        StemPlan.Layer(conv: "features.0.0", norm: "features.0.1", outputs: inputs, kernel: 3)
      ], pools: false, activation: .relu6)
    var stages: [[BlockPlan]] = [[], [], [], []]
    var number = 1
    for group in Self.mobileNetV2Groups {
      for index in 0..<group.blocks {
        let block = BlockPlan(
          path: "features.\(number)", kind: .inverted, inputs: inputs,
          width: inputs * group.expansion, outputs: scaled(group.channels),
          stride: index == 0 ? group.stride : 1)
        stages[group.stage].append(block)
        inputs = block.outputs
        number += 1
      }
    }
    self.init(stem: stem, stages: stages)
  }

  /// Table 2 of Sandler et al. 2018, with the stage at whose end each row's features leave.
  ///
  /// The first row still works at stride 2; it belongs to the stage that ends at stride 4.
  private static let mobileNetV2Groups:
    [(stage: Int, expansion: Int, channels: Int, blocks: Int, stride: Int)] = [
      (0, 1, 16, 1, 1), (0, 6, 24, 2, 2), (1, 6, 32, 3, 2), (2, 6, 64, 4, 2), (2, 6, 96, 3, 1),
      (3, 6, 160, 3, 2), (3, 6, 320, 1, 1),
    ]

  /// The nearest multiple of 8, at least 8, and never less than nine tenths of the value.
  private static func multipleOfEight(_ value: Double) -> Int {
    let nearest = max(8, Int(value + 4) / 8 * 8)
    return Double(nearest) < 0.9 * value ? nearest + 8 : nearest
  }
}
