import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// The parameters that the cost model counts are those of the network that is built.
struct CostAgreementTests {
  @Test(
    arguments: [
      "512x512 | resnet18 24 | fpn P1-P4 64 | rpn | rcnn",
      "512x512 | resnet50 16 | fpn P2-P6 64 | none | retinanet",
      "512x512 | mobilenetv2 16 | fpn P1-P3 32 | rpn | cascade 3",
      "512x512 | resnext50 16 | fpn P2-P2 32 | rpn | rcnn",
      "512x512 | basicblock 16 12-121-2-11 | fpn P3-P6 32 | none | retinanet",
      "512x512 | bottleneck 16 1-2-2-2 | none | rpn | rcnn",
      "512x512 | xbottleneck 24 1-2-2-2 | fpn P1-P6 32 | rpn | rcnn",
      "512x512 | mbblock 16 12-1-2-2 | fpn P4-P4 32 | rpn | rcnn",
    ], Recipe.Norm.allCases)
  func builtParametersAreTheCounted(text: String, norm: Recipe.Norm) throws {
    let design = try DetectorDesign(text: text)
    var recipe = Recipe.paper
    recipe.norm = norm
    let layout = DetectorLayout(design, classes: 3, recipe: recipe)
    let cost = DesignCost(design, classes: 3, recipe: recipe)
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings(norm: norm, weightStandardized: norm == .group)
    _ = Backbone(
      store.root / "body", design.backbone, settings: settings,
      through: layout.neck.coarsestInput)
    #expect(store.parameterCount == cost.part(.backbone).parameters)
    guard case .pyramid(let pyramid) = layout.neck else { return }
    let before = store.parameterCount
    _ = FeaturePyramid(store.root / "fpn", pyramid, settings: settings)
    #expect(store.parameterCount - before == cost.part(.neck).parameters)
  }
}

/// Multiply-accumulates of each level are those of the built weights over the cells that the built network has.
struct LevelCostTests {
  private func detector(_ text: String) throws -> Detector {
    var recipe = Recipe.paper
    recipe.detection.headWidth = 32
    return try Detector(DetectorDesign(text: text), classes: 3, recipe: recipe, seed: 1)
  }

  /// The values of convolution weights under a path.
  private func weights(
    _ detector: Detector, under path: String, where condition: (String) -> Bool = { _ in true }
  ) -> Int {
    detector.store.entries.filter {
      $0.name.hasPrefix(path) && $0.tensor.shape.count == 4 && condition($0.name)
    }.reduce(0) { $0 + $1.tensor.count }
  }

  private func cells(_ map: Tensor) -> Int { map.size(2) * map.size(3) }

  @Test(arguments: [
    "96x64 | resnet18 8 | fpn P1-P5 16 | rpn | rcnn",
    "96x64 | bottleneck 8 12-121-2-11 | fpn P1-P4 16 | rpn | cascade 2",
    "96x64 | resnet50 8 | fpn P2-P5 16 | none | retinanet",
    "96x64 | resnet18 8 | fpn P1-P5 16 | ga-rpn | cascade 2",
  ])
  func levelsAreCountedAsTheyRun(text: String) throws {
    let detector = try detector(text)
    let cost = DesignCost(detector.design, classes: 3, recipe: detector.recipe)
    #expect(cost.parameters == detector.store.parameterCount)
    detector.store.mode = .evaluation
    let images = Tensor.zeros([1, 3, 64, 96])
    let maps = withoutGradient { detector.backbone(images.channelsLast()) }
    let levels = withoutGradient { detector.features(images) }

    for (stage, level) in cost.part(.backbone).levels.dropFirst().enumerated() {
      let path = "backbone.body.layer\(stage + 1)."
      let here = cells(maps[stage])
      let before = stage == 0 ? here : cells(maps[stage - 1])
      // The 1x1 convolution of a bottleneck that strides runs before its 3x3 does.
      let isEarly = { (name: String) in
        name == "\(path)0.conv1.weight" && detector.store["\(path)0.conv3.weight"] != nil
      }
      let late = weights(detector, under: path) { !isEarly($0) }
      let early = weights(detector, under: path, where: isEarly)
      #expect(level.macs == late * here + early * before, "\(level.name)")
    }
    for (index, level) in cost.part(.neck).levels.enumerated() {
      let own =
        weights(detector, under: "backbone.fpn.inner_blocks.\(index).")
        + weights(detector, under: "backbone.fpn.layer_blocks.\(index).")
      let extra = index - maps.count + (detector.design.neck.levels[0].rawValue - 1)
      let made =
        extra >= 0 ? weights(detector, under: "backbone.fpn.extra_blocks.p\(extra + 6).") : 0
      #expect(level.macs == (own + made) * cells(levels[index]), "\(level.name)")
    }
    let (part, path) =
      detector.design.head == .retinanet()
      ? (cost.part(.head), "head.") : (cost.part(.proposals), "rpn.")
    let shared = weights(detector, under: path)
    #expect(part.levels.map(\.macs) == levels.map { shared * cells($0) })
  }
}
