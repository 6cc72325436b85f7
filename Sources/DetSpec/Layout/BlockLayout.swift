/// One residual block of a backbone as plain numbers, enough to build it or to count it.
///
/// | kind | convolutions |
/// |---|---|
/// | basicblock | 3x3/s in → hidden, 3x3 hidden → out |
/// | bottleneck, xbottleneck | 1x1 in → hidden, 3x3/s hidden → hidden in groups, 1x1 hidden → out |
/// | mbblock | 1x1 in → hidden (left out when hidden = in), depthwise 3x3/s, 1x1 hidden → out, linear |
///
/// A norm follows every convolution; an activation every one but the last, whose output the shortcut is
/// added to before the activation (mbblock: no activation there).
public struct BlockLayout: Hashable, Sendable {
  /// The kind of block.
  public let kind: BlockKind
  /// Channels that go in.
  public let inChannels: Int
  /// Channels between the convolutions.
  public let hiddenChannels: Int
  /// Channels that come out.
  public let outChannels: Int
  /// Stride of the (first) 3x3 convolution, and of the projection: 1 or 2.
  public let stride: Int
  /// Groups of the 3x3 convolutions.
  public let groups: Int

  /// Describes a block.
  public init(
    kind: BlockKind, inChannels: Int, hiddenChannels: Int, outChannels: Int, stride: Int,
    groups: Int
  ) {
    self.kind = kind
    self.inChannels = inChannels
    self.hiddenChannels = hiddenChannels
    self.outChannels = outChannels
    self.stride = stride
    self.groups = groups
  }

  /// A block of `width` planes as a stage code or a ResNet means it; `base` sets the groups of an xbottleneck:
  /// base / 2 of them over 2 x width channels, 4 channels a group where width = base (ResNeXt 32x4d at base 64).
  public init(kind: BlockKind, inChannels: Int, width: Int, base: Int, stride: Int) {
    let hidden =
      switch kind {
      case .basicblock, .bottleneck: width
      case .xbottleneck: 2 * width
      case .mbblock: Self.mobileExpansion * inChannels
      }
    let groups =
      switch kind {
      case .basicblock, .bottleneck: 1
      case .xbottleneck: base / 2
      case .mbblock: hidden
      }
    self.init(
      kind: kind, inChannels: inChannels, hiddenChannels: hidden,
      outChannels: width * kind.expansion, stride: stride, groups: groups)
  }

  /// How many times its input an inverted residual is wide inside (Sandler et al. 2018, table 2).
  public static let mobileExpansion = 6

  /// The 1x1 convolution with norm on the shortcut: where a residual block changes the shape. An mbblock has none.
  public var projection: ConvolutionLayout? {
    guard kind.projectsShortcut, changesShape else { return nil }
    return ConvolutionLayout(inChannels, outChannels, kernel: 1, stride: stride)
  }

  /// Whether input and output are added; an mbblock that changes the shape has no shortcut.
  public var hasShortcut: Bool {
    kind.projectsShortcut || !changesShape
  }

  private var changesShape: Bool { stride != 1 || inChannels != outChannels }

  /// The convolutions along the block, in order, without the projection.
  public var convolutions: [ConvolutionLayout] {
    var result: [ConvolutionLayout] = []
    forEachConvolution { result.append($0) }
    return result
  }

  /// The side that comes out when `side` goes in.
  public func output(of side: Int) -> Int { (side + stride - 1) / stride }

  /// Visits the convolutions along the block, in order, without the projection; allocates nothing.
  public func forEachConvolution(_ visit: (ConvolutionLayout) -> Void) {
    switch kind {
    case .basicblock:
      visit(ConvolutionLayout(inChannels, hiddenChannels, kernel: 3, stride: stride))
      visit(ConvolutionLayout(hiddenChannels, outChannels, kernel: 3))
    case .bottleneck, .xbottleneck:
      visit(ConvolutionLayout(inChannels, hiddenChannels, kernel: 1))
      visit(spatial)
      visit(ConvolutionLayout(hiddenChannels, outChannels, kernel: 1))
    case .mbblock:
      if hiddenChannels != inChannels {
        visit(ConvolutionLayout(inChannels, hiddenChannels, kernel: 1))
      }
      visit(spatial)
      visit(ConvolutionLayout(hiddenChannels, outChannels, kernel: 1))
    }
  }

  /// The 3x3 convolution in the middle.
  private var spatial: ConvolutionLayout {
    ConvolutionLayout(hiddenChannels, hiddenChannels, kernel: 3, stride: stride, groups: groups)
  }
}
