import DetNN
import DetTensor

/// What a region head looks at pooled features with.
enum RegionTrunk {
  /// Two fully connected layers (Lin et al. 2017).
  case connected([Linear])
  /// The backbone's last stage and a mean over cells, where there is no pyramid (He et al. 2016).
  case stage(BackboneStage)

  /// Two layers of the given width.
  static func connected(_ scope: Scope, inputs: Int, width: Int) -> RegionTrunk {
    .connected([
      Linear(scope / "fc6", inputs: inputs, outputs: width, initializer: .xavierUniform),
      Linear(scope / "fc7", inputs: width, outputs: width, initializer: .xavierUniform),
    ])
  }

  /// [R, C, bins, bins] → [R, outputs].
  func callAsFunction(_ pooled: Tensor) -> Tensor {
    switch self {
    case .connected(let layers):
      layers.reduce(pooled.flattened(from: 1)) { $1($0, .relu) }
    case .stage(let stage): stage(pooled.channelsLast()).mean([2, 3])
    }
  }

  /// The number of values it makes of a region.
  var outputs: Int {
    switch self {
    case .connected(let layers): layers.last?.weight.size(0) ?? 0
    case .stage(let stage): stage.outputs
    }
  }
}
