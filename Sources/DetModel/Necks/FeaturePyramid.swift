public import DetNN
public import DetSpec
public import DetTensor

/// The feature pyramid: coarse features are added to finer ones, all with the same channels (Lin et al. 2017).
///
/// Lateral 1x1 and output 3x3 convolutions have biases, or group normalisation where the recipe has it. Names follow
/// torchvision's (`inner_blocks.0.0.weight`, `layer_blocks.0.0.weight`, `extra_blocks.p6.weight`), counted from the
/// finest level of the range.
public struct FeaturePyramid {
  /// The levels that come out, finest first.
  public let levels: [FeatureLevel]
  /// Their channels.
  public let channels: Int
  let lateral: [PyramidConv]
  let output: [PyramidConv]
  let extra: ExtraLevelLayers

  /// Makes a pyramid over a backbone that was made through the range's coarsest level, P4 at most.
  ///
  /// - Parameters:
  ///   - scope: where the parameters lie, as `backbone.fpn`.
  ///   - inputs: the channels of the backbone's levels from P1 on.
  ///   - range: the finest and the coarsest level that come out.
  ///   - channels: the channels of each.
  ///   - extra: how levels beyond P4 are made.
  ///   - settings: the recipe's choices.
  public init(
    _ scope: Scope, inputs: [Int], range: ClosedRange<FeatureLevel>, channels: Int,
    extra: ExtraLevels, settings: LayerSettings
  ) {
    let levels = FeatureLevel.allCases.filter(range.contains)
    let merged = levels.filter(\.isFromBackbone)
    precondition(
      !merged.isEmpty && merged.allSatisfy { $0.rawValue <= inputs.count },
      "\(scope.path): the backbone gives \(inputs.count) levels from P1 on, which do not reach "
        + "\(levels.map(\.name))")
    self.levels = levels
    self.channels = channels
    lateral = merged.enumerated().map { index, level in
      PyramidConv(
        scope / "inner_blocks" / index,
        ConvolutionLayout(inputs[level.rawValue - 1], channels, kernel: 1), settings,
        sequence: true)
    }
    output = merged.indices.map { index in
      PyramidConv(
        scope / "layer_blocks" / index,
        ConvolutionLayout(channels, channels, kernel: 3), settings, sequence: true)
    }
    self.extra = ExtraLevelLayers(
      scope / "extra_blocks", extra, count: levels.count - merged.count, channels: channels,
      settings)
  }

  /// The backbone's levels from P1 on, [N, C, H, W] each → one [N, channels, H, W] for each of ``levels``.
  public func callAsFunction(_ features: [Tensor]) -> [Tensor] {
    let first = (levels.first ?? .p1).rawValue - 1
    let inputs = Array(features.dropFirst(first))
    precondition(
      inputs.count == lateral.count,
      "the pyramid merges \(lateral.count) levels, but the backbone gave \(features.count) from P1")
    var merged: [Tensor] = []  // coarsest first
    for (layer, finer) in zip(lateral, inputs).reversed() {
      // To the finer level's own size, which is not twice the coarser one's when that was rounded up.
      let coarser = merged.last?.interpolated(
        toHeight: finer.size(2), width: finer.size(3), mode: .nearest)
      merged.append(layer(finer, adding: coarser))
    }
    merged.reverse()
    let outputs = zip(output, merged).map { $0($1) }
    guard let coarsest = outputs.last else { return [] }
    return outputs + extra(coarsest)
  }
}
