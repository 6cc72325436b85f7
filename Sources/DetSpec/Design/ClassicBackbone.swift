/// The backbones of the literature that a design can name.
public enum ClassicBackbone: String, CaseIterable, Hashable, Sendable, Codable {
  /// ResNet-18 (He et al. 2016).
  case resnet18
  /// ResNet-34.
  case resnet34
  /// ResNet-50, with the stride in the 3x3 convolution, as torchvision has it.
  case resnet50
  /// ResNet-101.
  case resnet101
  /// ResNeXt-50 32x4d (Xie et al. 2017).
  case resnext50
  /// ResNeXt-101 32x4d.
  case resnext101
  /// MobileNetV2 (Sandler et al. 2018).
  case mobilenetv2

  /// The base channels of the published network.
  public var standardBase: Int {
    switch self {
    case .resnet18, .resnet34, .resnet50, .resnet101, .resnext50, .resnext101: 64
    case .mobilenetv2: 32
    }
  }

  /// The block it is made of; stage two searches over backbones of the same block.
  public var block: BlockKind {
    switch self {
    case .resnet18, .resnet34: .basicblock
    case .resnet50, .resnet101: .bottleneck
    case .resnext50, .resnext101: .xbottleneck
    case .mobilenetv2: .mbblock
    }
  }

  /// Blocks per stage, at strides 4, 8, 16, 32 (a residual network; MobileNetV2 by output stride).
  public var blocks: [Int] {
    switch self {
    case .resnet18: [2, 2, 2, 2]
    case .resnet34, .resnet50, .resnext50: [3, 4, 6, 3]
    case .resnet101, .resnext101: [3, 4, 23, 3]
    case .mobilenetv2: [2, 3, 7, 4]
    }
  }
}
