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

  /// Pairs of a region and a class that go on to suppression.
  private func candidates(_ detector: Detector, _ load: DetectionLoad) throws -> Int {
    guard case .regions(let heads, let network) = detector.head else { return 0 }
    let levels = detector.features(image)
    let extents = ImageExtents(heights: [64], widths: [64])
    let regions = network.regions(levels, extents: extents)
      .filled(to: load.proposals, extents: extents)
    #expect(regions.counts == [load.proposals])
    let scores = heads.output(levels, regions, extents: extents).scores.floats()
    return scores.enumerated().count { $0.offset % 4 > 0 && Double($0.element) > load.scoreFloor }
  }

  @Test(arguments: ["rpn | rcnn", "ga-rpn | cascade 2", "rpn | cascade 3"])
  func candidatesAreAsManyForAllWeights(parts: String) throws {
    for seed in [3, 4] as [UInt64] {
      let detector = try detector("64x64 | resnet18 8 | fpn P1-P3 16 | \(parts)", seed: seed)
      try withoutGradient {
        let load = detector.fullLoad(image)
        let found = try candidates(detector, load)
        // Sums of a plan's fused layers differ in the last digits from those of single layers.
        #expect(abs(found - 400) <= 4)
        let detections = detector.detect(image, load: load)[0]
        #expect(!detections.isEmpty && detections.count <= 40)
      }
    }
  }

  @Test func aDenseHeadHasNoFloor() throws {
    let detector = try detector("64x64 | resnet18 8 | fpn P1-P3 16 | none | retinanet")
    withoutGradient {
      let load = detector.fullLoad(image)
      #expect(load == DetectionLoad(proposals: nil, scoreFloor: 0))
      #expect(detector.detect(image).first?.isEmpty == true)
      #expect(detector.detect(image, load: load)[0].count == 40)
    }
  }

  @Test func proposalsAreAsManyAsTheNetworkHasAnchorsOrTheRecipeAllows() throws {
    func proposals(_ parts: String) throws -> Int? {
      let detector = try detector("64x64 | resnet18 8 | \(parts) | rcnn")
      return withoutGradient { detector.fullLoad(image).proposals }
    }
    let most = RecipePreset.small.recipe.detection.testProposals
    #expect(try proposals("fpn P1-P3 16 | rpn") == most)
    // 256, 64 and 16 cells with one anchor each are more, 64 and 16 are fewer than go on.
    #expect(try proposals("fpn P1-P3 16 | ga-rpn") == min(300, most))
    #expect(try proposals("fpn P2-P3 16 | ga-rpn") == 80)
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
