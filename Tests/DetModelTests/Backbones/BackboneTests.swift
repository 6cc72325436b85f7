import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

struct BackboneTests {
  static let all = [
    "resnet18 16", "resnet34 16", "resnet50 16", "resnet101 8", "resnext50 16", "resnext101 16",
    "mobilenetv2 16", "basicblock 16 12-121-2-11", "bottleneck 16 1-2-2-2",
    "xbottleneck 16 11-2-12-1", "mbblock 16 2-11-2-12",
  ]
  let images = Drawn.values("images", [1, 3, 64, 96]).to(.float32)

  @Test(arguments: all)
  func levelsHaveStrides4To32(text: String) throws {
    let store = ParameterStore(seed: 1)
    let backbone = Backbone(
      store.root, try BackboneSpec(text: text), settings: LayerSettings(norm: .group))
    let features = withoutGradient { backbone(images) }
    #expect(backbone.levels == [.p1, .p2, .p3, .p4])
    for (level, feature) in zip(backbone.levels, features) {
      let channels = backbone.channels(of: level)
      #expect(feature.shape == [1, channels, 64 / level.stride, 96 / level.stride])
    }
  }

  @Test(arguments: all)
  func aBackboneCanEndEarly(text: String) throws {
    let spec = try BackboneSpec(text: text)
    let whole = ParameterStore(seed: 1)
    let part = ParameterStore(seed: 1)
    let settings = LayerSettings()
    _ = Backbone(whole.root, spec, settings: settings)
    let backbone = Backbone(part.root, spec, settings: settings, through: .p3)
    #expect(backbone.levels == [.p1, .p2, .p3])
    let before = part.entries.map(\.name)
    #expect(whole.entries.map(\.name).starts(with: before))
    let layout = BackboneLayout(spec)
    let stage = BackboneStage(
      part.root, layout.blocks(inStage: 3), stage: 3, names: BackboneNames(spec, layout), settings)
    #expect(part.entries.map(\.name) == whole.entries.map(\.name))
    #expect(stage.inputs == backbone.channels(of: .p3))
    let y = withoutGradient { stage(Tensor.ones([2, stage.inputs, 14, 14])) }
    #expect(y.shape == [2, stage.outputs, 7, 7])
  }

  @Test func namesAreThoseOfPublicCheckpoints() {
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings()
    _ = Backbone(
      store.root / "backbone.body", .classic(.resnet50, base: 16), settings: settings)
    _ = Backbone(store.root, .classic(.mobilenetv2, base: 32), settings: settings)
    for name in [
      "backbone.body.conv1.weight", "backbone.body.bn1.running_var",
      "backbone.body.layer1.0.downsample.0.weight", "backbone.body.layer4.2.bn3.bias",
      "features.0.0.weight", "features.1.conv.1.weight", "features.2.conv.0.1.running_mean",
      "features.17.conv.3.weight",
    ] {
      #expect(store[name] != nil, "\(name)")
    }
    #expect(store["backbone.body.layer1.1.downsample.0.weight"] == nil)
  }

  @Test(arguments: [
    (3, 1), (8, 2), (24, 6), (28, 7), (32, 8), (48, 12), (56, 14), (64, 32), (72, 18), (96, 32),
    (100, 25), (256, 32), (224, 32), (144, 24),
  ])
  func narrowLayersHaveFewerGroups(channels: Int, groups: Int) {
    #expect(LayerSettings(norm: .group).groups(channels: channels) == groups)
  }

  @Test(arguments: [
    (1, 24, 24), (2, 24, 12), (2, 32, 16), (2, 48, 24), (2, 72, 24), (8, 24, 3), (8, 64, 32),
    (64, 24, 1),
  ])
  func aRecipeSaysHowNarrowAGroupMayBe(least: Int, channels: Int, groups: Int) {
    var recipe = Recipe.paper
    (recipe.norm, recipe.groupChannels) = (.group, least)
    #expect(LayerSettings(recipe).groups(channels: channels) == groups)
  }
}
