/// The kind of residual block a coded backbone repeats.
public enum BlockKind: String, CaseIterable, Hashable, Sendable, Codable {
  /// Two 3x3 convolutions (He et al. 2016).
  case basicblock
  /// 1x1, 3x3, 1x1 with expansion 4 (He et al. 2016).
  case bottleneck
  /// The bottleneck with a grouped 3x3 (Xie et al. 2017).
  case xbottleneck
  /// The inverted residual with a depthwise 3x3 (Sandler et al. 2018).
  case mbblock

  /// How many times its width a block puts out.
  public var expansion: Int {
    switch self {
    case .basicblock, .mbblock: 1
    case .bottleneck, .xbottleneck: 4
    }
  }

  /// Whether its activations are cut at 6; else they are plain ReLU.
  public var activationIsReLU6: Bool {
    switch self {
    case .basicblock, .bottleneck, .xbottleneck: false
    case .mbblock: true
    }
  }

  /// Whether a shortcut is projected where the shape changes; else there is none.
  public var projectsShortcut: Bool {
    switch self {
    case .basicblock, .bottleneck, .xbottleneck: true
    case .mbblock: false
    }
  }

  /// Whether every doubling of the channels widens its groups too, so that they depend on more than the width.
  var widensGroups: Bool {
    switch self {
    case .basicblock, .bottleneck, .mbblock: false
    case .xbottleneck: true
    }
  }
}
