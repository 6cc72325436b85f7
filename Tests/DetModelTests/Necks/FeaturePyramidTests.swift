import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

struct FeaturePyramidTests {
  /// Every range that a design can ask for.
  static let ranges: [ClosedRange<FeatureLevel>] = FeatureLevel.allCases.filter(\.isFromBackbone)
    .flatMap { finest in
      FeatureLevel.allCases.filter { $0 >= finest }.map { finest...$0 }
    }

  @Test(arguments: ranges, [PyramidLayout.ExtraLevels.subsampled, .convolved])
  func everyRangeGivesItsLevels(range: ClosedRange<FeatureLevel>, extra: PyramidLayout.ExtraLevels)
  {
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings()
    let coarsest = min(range.upperBound, .p4)
    let backbone = Backbone(
      store.root / "body", .classic(.resnet18, base: 8), settings: settings, through: coarsest)
    let layout = PyramidLayout(range, channels: 8, inputs: backbone.channels, extra: extra)
    let pyramid = FeaturePyramid(store.root / "fpn", layout, settings: settings)
    let levels = withoutGradient { pyramid(backbone(Tensor.ones([2, 3, 128, 256]))) }
    let strides = layout.levels.map(\.level.stride)
    #expect(strides.first == range.lowerBound.stride && strides.last == range.upperBound.stride)
    #expect(levels.map(\.shape) == strides.map { [2, 8, 128 / $0, 256 / $0] })
  }

  @Test func oddSizesAreRoundedUp() {
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings(norm: .group)
    let backbone = Backbone(
      store.root / "body", .classic(.resnet18, base: 8), settings: settings)
    let layout = PyramidLayout(
      .p1 ... .p6, channels: 8, inputs: backbone.channels, extra: .subsampled, normalizes: true)
    let pyramid = FeaturePyramid(store.root / "fpn", layout, settings: settings)
    let levels = withoutGradient { pyramid(backbone(Tensor.ones([1, 3, 75, 101]))) }
    #expect(
      levels.map { [$0.size(2), $0.size(3)] }
        == [[19, 26], [10, 13], [5, 7], [3, 4], [2, 2], [1, 1]])
  }

  @Test func subsampledLevelsTakeEverySecondCell() {
    let store = ParameterStore(seed: 1)
    let layout = PyramidLayout(
      .p4 ... .p5, channels: 8, inputs: [1, 1, 1, 8], extra: .subsampled)
    let pyramid = FeaturePyramid(store.root / "fpn", layout, settings: LayerSettings())
    let coarse = Drawn.values("coarse", [1, 8, 5, 3]).to(.float32)
    let blank = Tensor.zeros([1, 1, 1, 1])
    let levels = withoutGradient { pyramid([blank, blank, blank, coarse]) }
    let every = levels[0].sliced(dim: 2, from: 0, to: 5, by: 2).sliced(
      dim: 3, from: 0, to: 3, by: 2)
    #expect(levels[1].floats() == every.floats())
  }

  // Counts from the paper (Docs name them E0, E2, E3), less those of the proposals and heads, which are
  // sums of k·k·in·out + out over their convolutions and layers at 80 classes.
  @Test(arguments: [
    ("basicblock 64 1-21-21-12", FeatureLevel.p2, 16_234_180 - 149_519 - 7_888_277),
    ("basicblock 56 12-11111-211-1112", .p1, 33_015_146 - 149_519 - 3 * 7_560_277),
    (
      "bottleneck 56 211-111111111-2111111-11112111", .p1, 52_050_890 - 149_519 - 3 * 7_560_277
    ),
  ])
  func parametersOfThePublishedDetectors(text: String, finest: FeatureLevel, count: Int) throws {
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings()
    let backbone = Backbone(
      store.root / "body", try BackboneSpec(text: text), settings: settings)
    let layout = PyramidLayout(
      finest ... .p5, channels: 128, inputs: backbone.channels, extra: .subsampled)
    _ = FeaturePyramid(store.root / "fpn", layout, settings: settings)
    #expect(store.parameterCount == count)
  }
}
