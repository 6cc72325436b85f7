import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// What the cost model counts without torch is what is built.
struct WholeCostAgreementTests {
  static let designs = [
    "64x64 | resnet18 8 | fpn P1-P5 32 | rpn | rcnn",
    "64x64 | resnet50 8 | none | rpn | rcnn",
    "64x64 | basicblock 16 1-2-2-2 | fpn P2-P4 16 | rpn | cascade 4",
    "64x64 | mobilenetv2 8 | fpn P2-P5 16 | none | retinanet",
    "64x64 | resnet18 8 | fpn P1-P5 32 | ga-rpn | rcnn",
    "64x64 | xbottleneck 16 1-2-2-2 | fpn P1-P3 16 | ga-rpn | cascade 3",
    "64x64 | resnet50 8 | none | ga-rpn | rcnn",
    "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn 48",
    "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | cascade 2 24",
    "64x64 | resnet18 8 | fpn P2-P5 16 | none | retinanet 24",
  ]

  private func build(_ text: String, norm: Recipe.Norm) throws -> (Detector, DesignCost) {
    let design = try DetectorDesign(text: text)
    var recipe = Recipe.paper
    recipe.norm = norm
    recipe.detection.headWidth = 32
    let cost = DesignCost(design, classes: 3, recipe: recipe)
    return (try Detector(design, classes: 3, recipe: recipe, seed: 1), cost)
  }

  @Test(arguments: designs, Recipe.Norm.allCases)
  func builtParametersAreTheCountedPartByPart(text: String, norm: Recipe.Norm) throws {
    let (detector, cost) = try build(text, norm: norm)
    var built: [DesignCost.Part: Int] = [:]
    for entry in detector.store.entries where entry.isParameter {
      built[Self.part(of: entry.name, detector.design), default: 0] += entry.tensor.count
    }
    for part in DesignCost.Part.allCases {
      #expect(built[part] ?? 0 == cost.part(part).parameters, "\(part)")
    }
  }

  /// The part that a parameter belongs to, by its name.
  static func part(of name: String, _ design: DetectorDesign) -> DesignCost.Part {
    let body = CheckpointNames.body
    if name.hasPrefix(body) {
      let stage = BlockPlace.split(name.dropFirst(body.count))?.place.stage
      return design.neck == .none && stage == 3 ? .head : .backbone
    }
    return switch name {
    case _ where name.hasPrefix("backbone.fpn"): .neck
    case _ where name.hasPrefix("rpn"): .proposals
    default: .head
    }
  }

  @Test func guidedAnchoringHandsFewerRegionsToTheHead() throws {
    let rest = "512x512 | resnet18 8 | fpn P1-P5 32"
    let few = try build("\(rest) | ga-rpn | rcnn", norm: .batch).1.part(.head)
    let many = try build("\(rest) | rpn | rcnn", norm: .batch).1.part(.head)
    #expect(few.macs * 1000 == many.macs * 300)
    #expect(few.parameters == many.parameters)
  }
}
