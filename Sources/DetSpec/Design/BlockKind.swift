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
}
