import DetNN
import DetSpec
import DetTensor

/// The first layers of a backbone, which take the image to stride 4, or to stride 2 in MobileNetV2.
struct Stem {
  private let parts: FreezableLayers<(convolutions: [ConvNorm], blocks: [Block])>
  private let pools: Bool

  init(
    _ scope: Scope, _ layout: BackboneLayout, names: BackboneNames, _ settings: LayerSettings
  ) {
    pools = layout.poolsStem
    parts = FreezableLayers(scope.store, settings, isFrozen: settings.frozenStages > 0) {
      settings in
      let convolutions = layout.stem.enumerated().map { index, convolution in
        let name = names.stem(index)
        return ConvNorm(
          conv: scope / name.conv, norm: scope / name.norm, convolution, settings,
          activation: layout.activationIsReLU6 ? .relu6 : .relu)
      }
      let blocks = layout.stemBlocks.enumerated().map { index, block in
        Block(scope / names.stemBlock(index), block, settings)
      }
      return (convolutions, blocks)
    }
  }

  /// [N, 3, H, W] → [N, C, H / 4, W / 4]; MobileNetV2's: H / 2, W / 2.
  func callAsFunction<Value: LayerValue>(_ images: Value) -> Value {
    parts { convolutions, blocks in
      var y = convolutions.reduce(images) { $1($0) }
      if pools { y = y.maxPooled(3, stride: 2, padding: 1) }
      return blocks.reduce(y) { $1($0) }
    }
  }
}
