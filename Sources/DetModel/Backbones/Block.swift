import DetNN
import DetSpec
import DetTensor

/// A block of whichever kind.
enum Block {
  case basic(BasicBlock)
  case bottleneck(Bottleneck)
  case inverted(InvertedResidual)

  init(_ scope: Scope, _ layout: BlockLayout, _ settings: LayerSettings) {
    switch layout.kind {
    case .basicblock: self = .basic(BasicBlock(scope, layout, settings))
    case .bottleneck, .xbottleneck: self = .bottleneck(Bottleneck(scope, layout, settings))
    case .mbblock: self = .inverted(InvertedResidual(scope, layout, settings))
    }
  }

  /// [N, inChannels, H, W] → [N, outChannels, H / stride, W / stride].
  func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    switch self {
    case .basic(let block): block(x)
    case .bottleneck(let block): block(x)
    case .inverted(let block): block(x)
    }
  }
}
