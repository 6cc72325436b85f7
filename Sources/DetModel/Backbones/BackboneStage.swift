import DetNN
public import DetTensor

/// The blocks of a backbone that work at one stride.
///
/// The last one can stand alone: without a neck it works inside the head, on the features of each region.
public struct BackboneStage {
  /// The channels of what comes in.
  public let inputs: Int
  /// The channels of what goes out.
  public let outputs: Int
  let blocks: [Block]

  init(_ scope: Scope, _ plans: [BlockPlan], _ settings: LayerSettings) {
    inputs = plans.first?.inputs ?? 0
    outputs = plans.last?.outputs ?? 0
    blocks = plans.map { Block(scope / $0.path, $0, settings) }
  }

  /// [N, inputs, H, W] → [N, outputs, H', W'].
  public func callAsFunction(_ x: Tensor) -> Tensor { blocks.reduce(x) { $1($0) } }
}

/// A block of whichever kind.
enum Block {
  case basic(BasicBlock)
  case bottleneck(Bottleneck)
  case inverted(InvertedResidual)

  init(_ scope: Scope, _ plan: BlockPlan, _ settings: LayerSettings) {
    switch plan.kind {
    case .basic: self = .basic(BasicBlock(scope, plan, settings))
    case .bottleneck(let groups):
      self = .bottleneck(Bottleneck(scope, plan, groups: groups, settings))
    case .inverted: self = .inverted(InvertedResidual(scope, plan, settings))
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .basic(let block): block(x)
    case .bottleneck(let block): block(x)
    case .inverted(let block): block(x)
    }
  }
}
