import DetNN
import DetSpec
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
    let cost = DesignCost(design, classes: 3, settings: Recipe.paper.detection, norm: norm)
    let store = ParameterStore(seed: 1)
    let settings = LayerSettings(norm: norm, weightStandardized: norm == .group)
    let coarsest = try #require(design.neck.levels.last)
    let backbone = Backbone(
      store.root / "body", design.backbone, settings: settings, through: min(coarsest, .p4))
    #expect(store.parameterCount == cost.part(.backbone).parameters)
    guard case .fpn(let finest, _, let channels) = design.neck else { return }
    let before = store.parameterCount
    _ = FeaturePyramid(
      store.root / "fpn", inputs: backbone.channels, range: finest...coarsest, channels: channels,
      extra: design.head == .retinanet ? .convolved : .subsampled, settings: settings)
    #expect(store.parameterCount - before == cost.part(.neck).parameters)
  }
}
