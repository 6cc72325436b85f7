import DetNN
import DetSpec
import DetTensor

/// The first layers of a backbone, which take the image to stride 4, or to stride 2 in MobileNetV2.
struct Stem {
  let layers: [ConvNorm]
  let pools: Bool
  let blocks: [Block]

  init(
    _ scope: Scope, _ layout: BackboneLayout, names: BackboneNames, _ settings: LayerSettings
  ) {
    layers = layout.stem.enumerated().map { index, convolution in
      let name = names.stem(index)
      return ConvNorm(
        conv: scope / name.conv, norm: scope / name.norm, convolution, settings,
        activation: layout.activationIsReLU6 ? .relu6 : .relu)
    }
    pools = layout.poolsStem
    blocks = layout.stemBlocks.enumerated().map { index, block in
      Block(scope / names.stemBlock(index), block, settings)
    }
  }

  /// [N, 3, H, W] → [N, C, H / 4, W / 4]; MobileNetV2's: H / 2, W / 2.
  func callAsFunction(_ images: Tensor) -> Tensor {
    var y = layers.reduce(images) { $1($0) }
    if pools { y = y.maxPooled(3, stride: 2, padding: 1) }
    return blocks.reduce(y) { $1($0) }
  }
}
