import DetNN
import DetSpec
import DetTensor

/// What a region head looks at pooled features with.
enum RegionTrunk {
  /// Fully connected layers (Lin et al. 2017).
  case connected([Linear])
  /// The backbone's last stage and a mean over cells, where there is no pyramid (He et al. 2016).
  case lastStage(BackboneStage)

  /// Layers under torchvision's names: `fc6` and `fc7`.
  static func connected(_ scope: Scope, _ layers: [LinearLayout]) -> RegionTrunk {
    .connected(
      layers.enumerated().map { index, layer in
        Linear(scope / "fc\(index + 6)", layer, initializer: .xavierUniform)
      })
  }

  /// [R, C, bins, bins] → [R, outputs].
  func callAsFunction<Value: LayerValue>(_ pooled: Value) -> Value {
    switch self {
    case .connected(let layers):
      layers.reduce(pooled.flattened(from: 1, through: -1)) { $1($0, .relu) }
    case .lastStage(let stage): stage(pooled.channelsLast()).mean([2, 3], keepDims: false)
    }
  }
}
