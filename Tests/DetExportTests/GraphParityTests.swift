import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import Testing

@testable import DetExport

/// Every head, proposal network and neck in small: the graph finds what the detector finds.
struct GraphParityTests {
  static let designs = [
    "96x64 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn",
    "96x64 | resnet18 16 | fpn P1-P5 32 | rpn | cascade 2",
    "96x64 | resnet18 16 | fpn P2-P4 32 | ga-rpn | cascade 3",
    "96x64 | resnet18 16 | fpn P1-P4 32 | ga-rpn | rcnn",
    "96x64 | resnet18 16 | none | rpn | rcnn",
    "96x64 | bottleneck 16 1-12-1-1 | none | rpn | rcnn",
    "128x96 | resnet18 16 | none | ga-rpn | rcnn",
    "160x128 | bottleneck 16 1-12-1-1 | fpn P2-P6 32 | none | retinanet",
    "96x64 | resnet18 16 | fpn P1-P4 16 | none | retinanet",
    "96x64 | xbottleneck 32 1-12-1-1 | fpn P1-P3 32 | rpn | rcnn",
    "96x64 | mobilenetv2 8 | fpn P1-P3 32 | rpn | rcnn",
    "128x128 | mbblock 8 12-1-2-2 | fpn P3-P6 16 | none | retinanet",
    "96x64 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn 48",
    "96x64 | resnet18 16 | fpn P1-P3 32 | rpn | cascade 2 24",
    "96x64 | resnet18 16 | fpn P1-P4 16 | none | retinanet 24",
  ]

  @Test(arguments: designs, [RecipePreset.structural, .small])
  func graphFindsWhatTheDetectorFinds(text: String, preset: RecipePreset) throws {
    let detector = try SmallDetector.make(text, preset.recipe)
    try SmallDetector.expectEqual(detector, batch: 1)
  }

  @Test(arguments: [0, 2, 4, 7])
  func graphsOfSeveralImagesFindTheSameInEach(index: Int) throws {
    let detector = try SmallDetector.make(Self.designs[index], RecipePreset.small.recipe)
    try SmallDetector.expectEqual(detector, batch: 3)
  }
}
