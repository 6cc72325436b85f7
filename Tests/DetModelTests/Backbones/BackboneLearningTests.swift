import DetNN
import DetSpec
import DetTensor
import TensorTestSupport
import Testing

@testable import DetModel

/// A small network of every kind of block, with every part that learns.
enum SmallNetwork {
  static func make(
    _ text: String, _ settings: LayerSettings, extra: PyramidLayout.ExtraLevels,
    in store: ParameterStore
  ) throws -> (Tensor) -> [Tensor] {
    let backbone = Backbone(
      store.root / "body", try BackboneSpec(text: text), settings: settings)
    let layout = PyramidLayout(
      .p1 ... .p6, channels: 16, inputs: backbone.channels, extra: extra,
      normalizes: settings.norm.normalizesNeckAndHead)
    let pyramid = FeaturePyramid(store.root / "fpn", layout, settings: settings)
    return { pyramid(backbone($0)) }
  }
}

struct BackboneLearningTests {
  static let choices: [LayerSettings] = [
    LayerSettings(norm: .batch), LayerSettings(norm: .batch, weightStandardized: true),
    LayerSettings(norm: .group), LayerSettings(norm: .group, weightStandardized: true),
  ]

  @Test(
    arguments: [
      "resnet18 8", "mobilenetv2 8", "basicblock 8 12-1-2-2", "bottleneck 8 1-2-2-2",
      "xbottleneck 8 1-2-2-2", "mbblock 8 12-1-2-2",
    ], choices)
  func everyParameterGetsAGradient(text: String, settings: LayerSettings) throws {
    let store = ParameterStore(seed: 3)
    let network = try SmallNetwork.make(text, settings, extra: .convolved, in: store)
    let levels = network(Drawn.values("images", [2, 3, 128, 128]).to(.float32))
    var loss = Tensor(0)
    for (index, level) in levels.enumerated() {
      loss = loss + (level * Drawn.values("\(index)", level.shape).to(.float32)).mean()
    }
    loss.backward()
    for entry in store.trainable {
      let magnitude = entry.tensor.gradient?.abs().sum().item() ?? 0
      #expect(magnitude > 0 && magnitude.isFinite, "\(entry.name): \(magnitude)")
    }
  }

  @Test func standardisedWeightsDoNotCareForScaleAndOffset() throws {
    let settings = LayerSettings(norm: .group, weightStandardized: true)
    let store = ParameterStore(seed: 3)
    let network = try SmallNetwork.make(
      "basicblock 8 12-1-2-2", settings, extra: .subsampled, in: store)
    let images = Drawn.values("images", [1, 3, 64, 64]).to(.float32)
    withoutGradient {
      let before = network(images)
      for entry in store.entries where entry.tensor.dimensions == 4 {
        entry.tensor.mul_(3)
        entry.tensor.add_(0.5)
      }
      for (old, new) in zip(before, network(images)) {
        // Not zero: the standardisation adds a small number to the variance.
        #expect((old - new).abs().max().item() < 1e-2 * old.abs().max().item())
      }
    }
  }

  @Test func groupNormLeavesNoBiasInThePyramid() throws {
    let store = ParameterStore(seed: 3)
    _ = try SmallNetwork.make(
      "resnet18 8", LayerSettings(norm: .group), extra: .subsampled, in: store)
    #expect(store["fpn.inner_blocks.0.0.bias"] == nil)
    #expect(store["fpn.inner_blocks.0.1.weight"]?.shape == [16])
    #expect(store["fpn.layer_blocks.3.1.bias"]?.shape == [16])
  }

  @Test func frozenBatchNormTrainsNothing() throws {
    let store = ParameterStore(seed: 3)
    _ = try SmallNetwork.make(
      "resnet18 8", LayerSettings(norm: .frozenBatch), extra: .subsampled, in: store)
    let names = store.trainable.map(\.name)
    #expect(names.contains("body.layer1.0.conv1.weight"))
    #expect(!names.contains { $0.contains("bn") || $0.contains("downsample.1") })
  }

  // In a process of its own: other tests make and free tensors at the same time.
  @Test func nothingIsLeftAlive() async {
    await #expect(processExitsWith: .success) {
      try expectNoHandlesLeft(in: .process) {
        for norm in Recipe.Norm.allCases {
          let store = ParameterStore(seed: 3)
          let settings = LayerSettings(norm: norm, weightStandardized: norm == .group)
          let network = try SmallNetwork.make(
            "mbblock 8 12-1-2-2", settings, extra: .convolved, in: store)
          let images = Tensor.ones([1, 3, 64, 64])
          network(images).reduce(Tensor(0)) { $0 + $1.sum() }.backward()
        }
      }
    }
  }
}
