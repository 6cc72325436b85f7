import DetSpec

/// Where the parts of a backbone lie: torchvision's names, so that public weights load as they are.
///
/// Residual and coded backbones: `conv1`, `bn1` (coded ones `conv2`, `bn2` too), `layer1.0` … `layer4.2`.
/// MobileNetV2: `features.0.0`, `features.0.1` for the stem, `features.1` … `features.17` for the blocks.
struct BackboneNames {
  private let layout: BackboneLayout
  private let isMobileNet: Bool

  init(_ spec: BackboneSpec, _ layout: BackboneLayout) {
    self.layout = layout
    switch spec {
    case .coded: isMobileNet = false
    case .classic(let name, _):
      switch name {
      case .resnet18, .resnet34, .resnet50, .resnet101, .resnext50, .resnext101:
        isMobileNet = false
      case .mobilenetv2: isMobileNet = true
      }
    }
  }

  /// The paths of a stem convolution and its normalisation.
  func stem(_ index: Int) -> (conv: String, norm: String) {
    isMobileNet
      ? ("features.\(index).0", "features.\(index).1") : ("conv\(index + 1)", "bn\(index + 1)")
  }

  /// The path of a block between the stem's convolutions and the first stage.
  func stemBlock(_ index: Int) -> String { "features.\(layout.stem.count + index)" }

  /// The path of a stage's block.
  func block(stage: Int, _ index: Int) -> String {
    guard isMobileNet else { return "layer\(stage + 1).\(index)" }
    let before = layout.stem.count + layout.stemBlocks.count
    return "features.\(before + layout.stageLengths[..<stage].reduce(0, +) + index)"
  }
}
