import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// Equal to torchvision with the same weights, up to the order in which sums are taken.
struct BackboneGoldenTests {
  let golden: BackboneGolden

  init() throws { golden = try BackboneGolden.read() }

  @Test(arguments: try BackboneGolden.read().backbones)
  func featuresAndParameterCountsAreTorchvisions(row: BackboneGolden.Features) throws {
    let store = ParameterStore(seed: 1)
    let backbone = Backbone(
      store.root / "body", try BackboneSpec(text: row.backbone), settings: LayerSettings())
    #expect(store.parameterCount == row.parameters)
    Drawn.fill(store)
    store.mode = .evaluation
    let features = withoutGradient { backbone(Drawn.images(golden)) }
    #expect(backbone.channels == row.features.map { $0.shape[1] })
    for (level, (found, expected)) in zip(features, row.features).enumerated() {
      expected.expect(found, "P\(level + 1)")
    }
  }

  @Test(arguments: try BackboneGolden.read().pyramids)
  func pyramidsAreTorchvisions(row: BackboneGolden.Pyramid) throws {
    let store = ParameterStore(seed: 1)
    let backbone = Backbone(
      store.root / "body", try BackboneSpec(text: row.backbone), settings: LayerSettings())
    let before = store.parameterCount
    let finest = try #require(FeatureLevel(rawValue: row.finest))
    let coarsest = try #require(FeatureLevel(rawValue: row.finest + row.levels.count - 1))
    let layout = PyramidLayout(
      finest...coarsest, channels: row.channels, inputs: backbone.channels,
      extra: row.extra == "subsampled" ? .subsampled : .convolved)
    let pyramid = FeaturePyramid(store.root / "fpn", layout, settings: LayerSettings())
    #expect(store.parameterCount - before == row.parameters)
    Drawn.fill(store)
    store.mode = .evaluation
    let levels = withoutGradient { pyramid(backbone(Drawn.images(golden))) }
    #expect(levels.count == row.levels.count)
    for (level, (found, expected)) in zip(layout.levels, zip(levels, row.levels)) {
      expected.expect(found, level.level.name)
    }
  }

  @Test(arguments: try BackboneGolden.read().training)
  func aTrainingStepIsTorchvisions(row: BackboneGolden.Training) throws {
    let settings =
      row.norm == "group"
      ? LayerSettings(norm: .group, weightStandardized: true) : LayerSettings(norm: .batch)
    let store = ParameterStore(seed: 1)
    let backbone = Backbone(
      store.root / "body", .classic(.resnet18, base: 64), settings: settings)
    Drawn.fill(store)
    let features = backbone(Drawn.images(golden))
    var loss = Tensor(0)
    for (level, feature) in features.enumerated() {
      row.features[level].expect(feature, "P\(level + 1)")
      let weights = Drawn.values("weights\(level)", feature.shape).to(.float32)
      loss = loss + (feature * weights).mean()
    }
    loss.backward()
    #expect(abs(loss.item() - row.loss) < 1e-5)
    for (name, expected) in row.gradients.sorted(by: { $0.key < $1.key }) {
      let gradient = try #require(store[name]?.gradient, "\(name)")
      let rounding = try #require(expected.rounding)
      expected.expect(gradient, name, tolerance: max(1e-4, 2 * rounding))
    }
    for (name, expected) in row.buffers.sorted(by: { $0.key < $1.key }) {
      expected.expect(try #require(store[name], "\(name)"), name)
    }
  }
}
