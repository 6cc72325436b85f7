/// A feature pyramid as convolutions (Lin et al. 2017): every level has as many channels.
///
/// Levels of the backbone are merged from the coarsest to the finest; coarser ones are made of the level before.
public struct PyramidLayout: Hashable, Sendable {
  /// The levels that come out, finest first.
  public let levels: [Level]
  /// Channels of every level.
  public let channels: Int

  /// One level that comes out.
  public struct Level: Hashable, Sendable {
    /// Which.
    public let level: FeatureLevel
    /// What it is made of.
    public let source: Source
  }

  /// What a level is made of.
  public enum Source: Hashable, Sendable {
    /// The backbone's level through a 1x1 convolution, plus the coarser merged level enlarged to its size; their sum
    /// goes through a 3x3 convolution.
    case merged(lateral: ConvolutionLayout, output: ConvolutionLayout)
    /// Every second cell of the level before, without parameters.
    case subsampled
    /// A 3x3 convolution of stride 2 over the level before; from the second such level on a ReLU comes first.
    case convolved(ConvolutionLayout)

    /// The convolutions on the way.
    public var convolutions: [ConvolutionLayout] {
      switch self {
      case .merged(let lateral, let output): [lateral, output]
      case .subsampled: []
      case .convolved(let convolution): [convolution]
      }
    }
  }

  /// How levels beyond P4 (stride 32) are made.
  public enum ExtraLevels: Hashable, Sendable {
    /// By leaving out cells: for region proposals (Lin et al. 2017, section 4.1).
    case subsampled
    /// By convolutions: for dense heads (Lin et al. 2017, RetinaNet, section 4).
    case convolved
  }

  /// A pyramid over a range of levels.
  ///
  /// - Parameters:
  ///   - range: the finest level, one of the backbone's, and the coarsest that come out.
  ///   - channels: the channels of each.
  ///   - inputs: the channels of the backbone's levels from P1 on.
  ///   - extra: how levels beyond P4 are made.
  ///   - normalizes: whether norms follow the convolutions, which have biases otherwise.
  public init(
    _ range: ClosedRange<FeatureLevel>, channels: Int, inputs: [Int], extra: ExtraLevels,
    normalizes: Bool = false
  ) {
    func convolution(_ inputs: Int, kernel: Int, stride: Int = 1) -> ConvolutionLayout {
      ConvolutionLayout(
        inputs, channels, kernel: kernel, stride: stride, hasBias: !normalizes,
        hasNorm: normalizes)
    }
    let reached = FeatureLevel.allCases.prefix(inputs.count)
    precondition(
      reached.contains(range.lowerBound) && reached.contains(min(range.upperBound, .p4)),
      "a pyramid of \(range.lowerBound.name)-\(range.upperBound.name) merges levels that a backbone of "
        + "\(inputs.count) levels from P1 on does not have")
    self.channels = channels
    levels = FeatureLevel.allCases.filter(range.contains).map { level in
      if level.isFromBackbone {
        return Level(
          level: level,
          source: .merged(
            lateral: convolution(inputs[level.rawValue - 1], kernel: 1),
            output: convolution(channels, kernel: 3)))
      }
      switch extra {
      case .subsampled: return Level(level: level, source: .subsampled)
      case .convolved:
        return Level(
          level: level, source: .convolved(convolution(channels, kernel: 3, stride: 2)))
      }
    }
  }
}
