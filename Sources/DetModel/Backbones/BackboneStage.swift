public import DetNN
import DetSpec
import DetTensor

/// The blocks of a backbone that work at one stride.
///
/// The last one can stand alone: without a neck it works inside the head, on the features of each region. Its batch norms then
/// see regions: a mix of objects and background in training, of the best proposals in use. Statistics that stay as loaded are
/// the same in both.
public struct BackboneStage {
  /// The channels of what comes in.
  public let inputs: Int
  /// The channels of what goes out.
  public let outputs: Int
  private let blocks: FreezableLayers<[Block]>

  /// Makes the stage 0 (stride 4) … 3 (stride 32) of blocks under the names they have in a backbone.
  init(
    _ scope: Scope, _ layouts: some BidirectionalCollection<BlockLayout>, stage: Int,
    names: BackboneNames, _ settings: LayerSettings
  ) {
    inputs = layouts.first?.inChannels ?? 0
    outputs = layouts.last?.outChannels ?? 0
    blocks = FreezableLayers(scope.store, settings, isFrozen: stage < settings.frozenStages) {
      settings in
      layouts.enumerated().map { index, block in
        Block(scope / names.block(stage: stage, index), block, settings)
      }
    }
  }

  /// [N, inputs, H, W] → [N, outputs, H', W'].
  public func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    blocks { $0.reduce(x) { $1($0) } }
  }
}
