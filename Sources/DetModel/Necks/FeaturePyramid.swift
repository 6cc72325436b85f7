public import DetNN
public import DetSpec
import DetTensor

/// The feature pyramid: coarse features are added to finer ones, all with the same channels (Lin et al. 2017).
///
/// Names follow torchvision's (`inner_blocks.0.0.weight`, `layer_blocks.0.0.weight`, `extra_blocks.p6.weight`), counted
/// from the finest level of the range.
public struct FeaturePyramid {
  /// What was built.
  public let layout: PyramidLayout
  let lateral: [ConvNorm]
  let output: [ConvNorm]
  let extra: [ExtraLevel]

  /// Makes a pyramid over a backbone that was made through the coarsest level that is merged.
  ///
  /// - Parameters:
  ///   - scope: where the parameters lie, as `backbone.fpn`.
  ///   - layout: the levels and their convolutions.
  ///   - settings: the recipe's choices.
  public init(_ scope: Scope, _ layout: PyramidLayout, settings: LayerSettings) {
    self.layout = layout
    func convolution(_ scope: Scope, _ layout: ConvolutionLayout) -> ConvNorm {
      ConvNorm(
        sequence: scope, layout, settings, initializer: .caffe2Uniform, activation: .none)
    }
    var (lateral, output, extra) = ([ConvNorm](), [ConvNorm](), [ExtraLevel]())
    for level in layout.levels {
      switch level.source {
      case .merged(let inner, let outer):
        let index = lateral.count
        lateral.append(convolution(scope / "inner_blocks" / index, inner))
        output.append(convolution(scope / "layer_blocks" / index, outer))
      case .subsampled:
        extra.append(.subsampled)
      case .convolved(let layout):
        extra.append(
          .convolved(scope / "extra_blocks", number: extra.count, layout, settings))
      }
    }
    (self.lateral, self.output, self.extra) = (lateral, output, extra)
  }

  /// The backbone's levels from P1 on, [N, C, H, W] each → one [N, channels, H, W] for each level of the layout.
  public func callAsFunction<Value: LayerValue>(_ features: [Value]) -> [Value] {
    let first = (layout.levels.first?.level ?? .p1).rawValue - 1
    let inputs = Array(features.dropFirst(first))
    precondition(
      inputs.count == lateral.count,
      "the pyramid merges \(lateral.count) levels, but the backbone gave \(features.count) from P1")
    var merged: [Value] = []  // coarsest first
    for (layer, finer) in zip(lateral, inputs).reversed() {
      // To the finer level's own size, which is not twice the coarser one's when that was rounded up.
      let coarser = merged.last?.interpolated(
        toHeight: finer.size(2), width: finer.size(3), mode: .nearest)
      merged.append(layer(finer, adding: coarser))
    }
    merged.reverse()
    var levels = zip(output, merged).map { $0($1) }
    for level in extra {
      levels.append(level(levels[levels.count - 1]))
    }
    return levels
  }
}
