/// A backbone as a flat list of convolutions and blocks: the one description that shapes, costs and networks
/// are made from.
///
/// ```swift
/// let layout = BackboneLayout(try BackboneSpec(text: "resnet50"))
/// layout.channels(at: .p4)  // 2048
/// ```
public struct BackboneLayout: Hashable, Sendable {
  /// The convolutions in front of the first stage, each with a norm and an activation: 7x7/2 in ResNets (as
  /// torchvision), two 3x3/2 in coded backbones, 3x3/2 in MobileNetV2.
  public let stem: [ConvolutionLayout]
  /// Whether a 3x3/2 max pooling follows the stem's convolutions (classic ResNets and ResNeXts).
  public let poolsStem: Bool
  /// Blocks at stride 2, before the first stage: MobileNetV2's first bottleneck, else none.
  public let stemBlocks: [BlockLayout]
  /// The blocks of all four stages in order; only the first of a stage can stride.
  public let blocks: [BlockLayout]
  /// How many blocks each of the four stages has (strides 4, 8, 16, 32: levels P1 to P4).
  public let stageLengths: [Int]
  /// Whether activations are cut at 6, as MobileNetV2 and all mbblocks have it; else plain ReLU.
  public let activationIsReLU6: Bool
  /// The convolution with norm and activation behind the last stage that only a classifier has: MobileNetV2's.
  public let classifierConvolution: ConvolutionLayout?

  /// The layout of a backbone.
  public init(_ backbone: BackboneSpec) {
    switch backbone {
    case .coded(let code): self.init(code)
    case .classic(let name, let base):
      switch name {
      case .resnet18, .resnet34, .resnet50, .resnet101, .resnext50, .resnext101:
        self.init(residual: name, base: base)
      case .mobilenetv2: self.init(mobileNetV2Stem: base)
      }
    }
  }

  /// Two 3x3/2 convolutions, 3 → base/2 → base, then the code's blocks; stages 2 to 4 stride in their first block.
  private init(_ code: StageCode) {
    let half = code.base / 2
    stem = [
      ConvolutionLayout(3, half, kernel: 3, stride: 2),
      ConvolutionLayout(half, code.base, kernel: 3, stride: 2),
    ]
    poolsStem = false
    stemBlocks = []
    stageLengths = code.doubles.map(\.count)
    activationIsReLU6 = code.block.activationIsReLU6
    classifierConvolution = nil
    var blocks: [BlockLayout] = []
    blocks.reserveCapacity(code.depth)
    var channels = code.base
    var width = code.base
    for (stage, doubles) in code.doubles.enumerated() {
      for (index, isDoubling) in doubles.enumerated() {
        if isDoubling { width *= 2 }
        let block = BlockLayout(
          kind: code.block, inChannels: channels, width: width, base: code.base,
          stride: stage > 0 && index == 0 ? 2 : 1)
        channels = block.outChannels
        blocks.append(block)
      }
    }
    self.blocks = blocks
  }

  /// A ResNet or ResNeXt: 7x7/2 convolution, max pooling, stages of base, 2, 4 and 8 x base planes.
  private init(residual name: ClassicBackbone, base: Int) {
    stem = [ConvolutionLayout(3, base, kernel: 7, stride: 2)]
    poolsStem = true
    stemBlocks = []
    stageLengths = name.blocks
    activationIsReLU6 = name.block.activationIsReLU6
    classifierConvolution = nil
    var blocks: [BlockLayout] = []
    var channels = base
    for (stage, length) in name.blocks.enumerated() {
      for index in 0..<length {
        let block = BlockLayout(
          kind: name.block, inChannels: channels, width: base << stage, base: base,
          stride: stage > 0 && index == 0 ? 2 : 1)
        channels = block.outChannels
        blocks.append(block)
      }
    }
    self.blocks = blocks
  }

  /// The blocks of one stage, 0 (stride 4) to 3 (stride 32).
  public func blocks(inStage stage: Int) -> ArraySlice<BlockLayout> {
    let start = stageLengths[..<stage].reduce(0, +)
    return blocks[start..<start + stageLengths[stage]]
  }

  /// The channels of a level that the backbone puts out, P1 to P4.
  public func channels(at level: FeatureLevel) -> Int {
    precondition(level.isFromBackbone, "\(level.name) is not a level of the backbone")
    return blocks[stageLengths[..<level.rawValue].reduce(0, +) - 1].outChannels
  }
}

extension BackboneLayout {
  /// MobileNetV2 whose stem has `base` channels: the published network at width multiplier base / 32, channels
  /// rounded as torchvision rounds them. Its last 1x1 convolution belongs to the classifier, so that P4 is the
  /// last inverted residual (320 channels at base 32).
  private init(mobileNetV2Stem base: Int) {
    func scaled(_ channels: Int) -> Int { Self.multipleOf8(channels * base, dividedBy: 32) }
    // Output channels, blocks, stride of the first, at expansion 6 (Sandler et al. 2018, table 2).
    let rows: [(channels: Int, count: Int, stride: Int)] = [
      (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1),
    ]
    var channels = scaled(32)
    stem = [ConvolutionLayout(3, channels, kernel: 3, stride: 2)]
    poolsStem = false
    stemBlocks = [
      BlockLayout(
        kind: .mbblock, inChannels: channels, hiddenChannels: channels, outChannels: scaled(16),
        stride: 1, groups: channels)
    ]
    channels = scaled(16)
    stageLengths = ClassicBackbone.mobilenetv2.blocks
    activationIsReLU6 = ClassicBackbone.mobilenetv2.block.activationIsReLU6
    var blocks: [BlockLayout] = []
    for row in rows {
      for index in 0..<row.count {
        blocks.append(
          BlockLayout(
            kind: .mbblock, inChannels: channels, width: scaled(row.channels), base: base,
            stride: index == 0 ? row.stride : 1))
        channels = scaled(row.channels)
      }
    }
    self.blocks = blocks
    // 1280 channels at any width of at most 1 (Sandler et al. 2018, table 2).
    classifierConvolution = ConvolutionLayout(
      channels, Self.multipleOf8(1280 * max(base, 32), dividedBy: 32), kernel: 1)
  }

  /// `numerator / denominator` rounded to a multiple of 8, never below 8 nor by more than a tenth down
  /// (torchvision's `_make_divisible`).
  static func multipleOf8(_ numerator: Int, dividedBy denominator: Int) -> Int {
    let eighths = 8 * denominator
    let rounded = max(8, (numerator + eighths / 2) / eighths * 8)
    return 10 * rounded * denominator < 9 * numerator ? rounded + 8 : rounded
  }
}
