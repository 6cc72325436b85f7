import DetBasics
import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// At the full load a detector has the same to do whatever its weights find.
@Suite struct DetectionLoadTests {
  private func detector(_ text: String, seed: UInt64 = 3) throws -> Detector {
    var recipe = RecipePreset.small.recipe
    recipe.detection.detectionsPerImage = 40
    return try Detector(try DetectorDesign(text: text), classes: 3, recipe: recipe, seed: seed)
  }

  private var image: Tensor {
    var generator = Generator(seed: 5)
    return Tensor.normal([1, 3, 64, 64], using: &generator)
  }

  @Test(arguments: [
    "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn",
    "64x64 | resnet18 8 | fpn P1-P3 16 | ga-rpn | cascade2",
    "64x64 | resnet18 8 | fpn P1-P3 16 | none | retinanet",
  ])
  func detectionsAreAsManyAsTheRecipeAllows(text: String) throws {
    let detector = try detector(text)
    withoutGradient {
      let load = detector.fullLoad(image)
      #expect(detector.detect(image, load: load)[0].count == 40)
    }
  }

  @Test func proposalsAreAsManyAsTheNetworkHasAnchorsOrTheRecipeAllows() throws {
    let two = try detector("64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn")
    let guided = try detector("64x64 | resnet18 8 | fpn P2-P3 16 | ga-rpn | rcnn")
    withoutGradient {
      #expect(two.fullLoad(image).proposals == two.recipe.detection.testProposals)
      // 16 x 16 and 8 x 8 cells with one anchor each are more than the 300 that go on.
      #expect(guided.fullLoad(image).proposals == 300)
    }
  }

  @Test func regionsAreRepeatedInTurn() {
    let boxes: [Float] = [0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 3, 3, 0, 0, 4, 4, 0, 0, 5, 5]
    let regions = Regions(boxes: Tensor(boxes, shape: [5, 4]), counts: [2, 0, 3])
    let extents = ImageExtents(heights: [8, 8, 8], widths: [9, 9, 9])
    let filled = regions.filled(to: 3, extents: extents)
    #expect(filled.counts == [3, 3, 3])
    let sides = filled.boxes.floats().enumerated().filter { $0.offset % 4 == 2 }.map(\.element)
    #expect(sides == [1, 2, 1, 9, 9, 9, 3, 4, 5])
    #expect(regions.filled(to: nil, extents: extents).counts == regions.counts)
  }
}
