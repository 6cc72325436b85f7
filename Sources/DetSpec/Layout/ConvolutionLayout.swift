/// One convolution as a design determines it: square kernel, "same" padding, no bias unless said.
///
/// With this padding every layer of every design puts out ceil(side / stride) cells a side.
public struct ConvolutionLayout: Hashable, Sendable {
  /// Channels that go in.
  public let inChannels: Int
  /// Channels that come out.
  public let outChannels: Int
  /// Side of the kernel: 1, 3 or 7.
  public let kernel: Int
  /// Input cells per output cell, along each side.
  public let stride: Int
  /// Groups of channels that do not see each other; `inChannels` of them make it depthwise.
  public let groups: Int
  /// Whether it adds a bias; convolutions with a norm behind them have none.
  public let hasBias: Bool
  /// Whether a norm follows, with a scale and a shift per output channel.
  public let hasNorm: Bool

  /// Describes a convolution; by default one with a norm and without bias.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    hasBias: Bool = false, hasNorm: Bool = true
  ) {
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.kernel = kernel
    self.stride = stride
    self.groups = groups
    self.hasBias = hasBias
    self.hasNorm = hasNorm
  }

  /// A convolution with a bias and without a norm.
  public static func biased(
    _ inChannels: Int, _ outChannels: Int, kernel: Int = 1
  ) -> ConvolutionLayout {
    ConvolutionLayout(inChannels, outChannels, kernel: kernel, hasBias: true, hasNorm: false)
  }

  /// Cells of zeros around the input: half the kernel.
  public var padding: Int { kernel / 2 }

  /// Elements of the weight, [outChannels, inChannels / groups, kernel, kernel].
  public var weightCount: Int { outChannels * (inChannels / groups) * kernel * kernel }

  /// Scales and shifts of the norm behind it.
  public var normCount: Int { hasNorm ? 2 * outChannels : 0 }

  /// Everything that is trained: weight, bias, norm.
  public var parameterCount: Int { weightCount + (hasBias ? outChannels : 0) + normCount }

  /// The side that comes out when `side` goes in.
  public func output(of side: Int) -> Int { (side + stride - 1) / stride }
}
