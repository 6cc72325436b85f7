public import DetNN
public import DetSpec
import DetTensor

/// The network that turns images into features at strides 4, 8, 16 and 32 (levels P1 to P4).
///
/// Its parameters have torchvision's names (`conv1.weight`, `layer1.0.bn1.weight`, `features.1.conv.0.0.weight`), under
/// the given scope, so that public weights load by name.
///
/// ```swift
/// let backbone = Backbone(store.root / "backbone.body", spec, settings: LayerSettings(recipe))
/// backbone(images).map(\.shape)  // resnet18, 64x64: [[1, 64, 16, 16], [1, 128, 8, 8], [1, 256, 4, 4], [1, 512, 2, 2]]
/// ```
public struct Backbone {
  /// The levels that come out, finest first: P1 to the one the backbone was made through.
  public let levels: [FeatureLevel]
  let stem: Stem
  let stages: [BackboneStage]

  /// Makes a backbone that ends with a level of P1 to P4; what lies behind is not built.
  public init(
    _ scope: Scope, _ spec: BackboneSpec, settings: LayerSettings,
    through coarsest: FeatureLevel = .p4
  ) {
    precondition(
      coarsest.isFromBackbone, "a backbone ends at P4 (stride 32), not at \(coarsest.name)")
    let layout = BackboneLayout(spec)
    let names = BackboneNames(spec, layout)
    levels = FeatureLevel.allCases.filter { $0 <= coarsest }
    stem = Stem(scope, layout, names: names, settings)
    stages = levels.indices.map {
      BackboneStage(scope, layout.blocks(inStage: $0), stage: $0, names: names, settings)
    }
  }

  /// [N, 3, H, W] → [N, C, H / stride, W / stride] for each of ``levels``, sizes rounded up.
  public func callAsFunction<Value: LayerValue>(_ images: Value) -> [Value] {
    var x = stem(images)
    return stages.map { stage in
      x = stage(x)
      return x
    }
  }

  /// The channels of a level that comes out.
  public func channels(of level: FeatureLevel) -> Int {
    precondition(
      levels.contains(level), "the backbone has \(levels.map(\.name)), but not \(level.name)")
    return stages[level.rawValue - 1].outputs
  }

  /// The channels of all ``levels``, finest first.
  public var channels: [Int] { stages.map(\.outputs) }
}
