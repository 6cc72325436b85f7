import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// What a layout says is what is built: every weight of every part, and every anchor.
struct LayoutAgreementTests {
  private func recipe(_ norm: Recipe.Norm) -> Recipe {
    var recipe = Recipe.paper
    recipe.norm = norm
    recipe.detection.headWidth = 32
    recipe.detection.anchorRatios = [0.5, 2]
    return recipe
  }

  @Test(
    arguments: WholeCostAgreementTests.designs + [
      "64x64 | mobilenetv2 8 | none | rpn | rcnn",
      "128x128 | resnet18 8 | fpn P1-P6 16 | rpn | cascade 2",
      "128x128 | mbblock 8 12-1-2-2 | fpn P3-P6 16 | none | retinanet",
    ], [Recipe.Norm.batch, .group])
  func everyWeightOfAPartIsInItsLayout(text: String, norm: Recipe.Norm) throws {
    let design = try DetectorDesign(text: text)
    let layout = DetectorLayout(design, classes: 3, recipe: recipe(norm))
    let detector = try Detector(design, classes: 3, recipe: recipe(norm), seed: 1)
    var built: [DesignCost.Part: [[Int]]] = [:]
    for entry in detector.store.entries where entry.isParameter && entry.tensor.dimensions > 1 {
      built[WholeCostAgreementTests.part(of: entry.name, design), default: []]
        .append(entry.tensor.shape)
    }
    for part in DesignCost.Part.allCases {
      let found = (built[part] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
      let described = layout.weights(of: part).sorted { $0.lexicographicallyPrecedes($1) }
      #expect(found == described, "\(part)")
    }
  }

  @Test(arguments: [
    "64x96 | resnet18 8 | fpn P1-P5 16 | rpn | rcnn",
    "64x96 | resnet18 8 | none | rpn | rcnn",
    "64x96 | resnet18 8 | fpn P2-P4 16 | ga-rpn | cascade 2",
    "64x96 | resnet18 8 | fpn P2-P5 16 | none | retinanet",
  ])
  func everyCellHasTheAnchorsOfTheLayout(text: String) throws {
    let design = try DetectorDesign(text: text)
    let layout = DetectorLayout(design, classes: 3, recipe: recipe(.batch))
    let detector = try Detector(design, classes: 3, recipe: recipe(.batch), seed: 1)
    let levels = withoutGradient { detector.features(Tensor.zeros([1, 3, 96, 64])) }
    let cells = levels.reduce(0) { $0 + $1.size(2) * $1.size(3) }
    #expect(cells == DesignShapes(design).levels.reduce(0) { $0 + $1.cells })
    #expect(levels.allSatisfy { $0.size(1) == layout.neck.channels })
    switch detector.head {
    case .dense(let head):
      guard case .dense(let own) = layout.head else { throw Mismatch() }
      #expect(head(levels).grids.count == cells * own.anchors.perCell)
    case .regions(_, let network):
      let perCell = try #require(layout.proposals).anchorsPerCell
      if let network = network as? RegionProposalNetwork {
        #expect(network(levels).grids.count == cells * perCell)
      } else {
        let network = try #require(network as? GuidedAnchoringNetwork)
        #expect(network(levels).anchors.size(0) == cells * perCell)
      }
    }
  }

  private struct Mismatch: Error {}
}

extension DetectorLayout {
  /// The shapes of all weights with more than one dimension.
  fileprivate func weights(of part: DesignCost.Part) -> [[Int]] {
    switch part {
    case .backbone:
      let stages = FeatureLevel.ofBackbone.filter { $0 <= neck.coarsestInput }
      let blocks =
        backbone.stemBlocks + stages.flatMap { backbone.blocks(inStage: $0.rawValue - 1) }
      return (backbone.stem + blocks.flatMap(\.allConvolutions)).map(\.weightShape)
    case .neck:
      guard case .pyramid(let pyramid) = neck else { return [] }
      return pyramid.levels.flatMap(\.source.convolutions).map(\.weightShape)
    case .proposals:
      return proposals?.layers.map(\.weightShape) ?? []
    case .head:
      switch head {
      case .dense(let head): return head.layers.map(\.weightShape)
      case .regions(let head):
        var step = [head.scores, head.deltas].map { [$0.outputs, $0.inputs] }
        switch head.trunk {
        case .connected(let layers): step += layers.map { [$0.outputs, $0.inputs] }
        case .lastStage(let blocks):
          step += blocks.flatMap(\.allConvolutions).map(\.weightShape)
        }
        return Array(repeating: step, count: head.steps).flatMap { $0 }
      }
    }
  }
}

extension BlockLayout {
  fileprivate var allConvolutions: [ConvolutionLayout] {
    convolutions + (projection.map { [$0] } ?? [])
  }
}

extension ConvolutionLayout {
  fileprivate var weightShape: [Int] { [outChannels, inChannels / groups, kernel, kernel] }
}
