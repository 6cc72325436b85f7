import DetBasics
import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// Whole detectors with the same weights, equal to torchvision's in features, proposals, losses, gradients of every
/// parameter, and detections on three images; natively and by the compositions that other devices take.
struct DetectorGoldenTests {
  let golden: TorchvisionGolden
  let images = Noise.tensor(100, [3, 3, 128, 128])
  let sizes = [(128, 128), (120, 100), (97, 128)].map { ImageSize(width: $0, height: $1) }
  let truths = [
    ImageTargets(boxes: Noise.boxList(101, 3, 120), labels: [0, 2, 1]),
    ImageTargets(boxes: Noise.boxList(102, 2, 90), labels: [1, 1]),
    ImageTargets(boxes: Noise.boxList(103, 4, 96), labels: [2, 0, 0, 1]),
  ]

  init() throws { golden = try TorchvisionGolden.read() }

  private func detector(_ text: String) throws -> Detector {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.alignsRegions = false
    recipe.detection.proposalSamples = 1_000_000
    recipe.detection.headSamples = 1_000_000
    recipe.detection.trainProposals = 60
    recipe.detection.testProposals = 50
    recipe.detection.detectionsPerImage = 20
    let detector = try Detector(
      DetectorDesign(text: text), classes: 3, recipe: recipe, seed: 1)
    Noise.fill(detector.store)
    return detector
  }

  private func expectTorchvisions(
    _ detector: Detector, _ expected: TorchvisionGolden.Whole, names: [String: String],
    labelOffset: Int
  ) {
    #expect(detector.store.parameterCount == expected.parameters)
    // With running statistics: see make_torchvision.py.
    detector.store.mode = .evaluation
    let features = withoutGradient { detector.features(images) }
    for (level, (found, wanted)) in zip(features, expected.features).enumerated() {
      wanted.expect(found, "level \(level)", tolerance: 1e-4)
    }
    let generator = Generator(seed: 3)
    let losses = detector.losses(images, sizes: sizes, truths: truths, generator: generator)
    let renamed = expected.losses.reduce(into: [:]) { $0[names[$1.key] ?? $1.key] = $1.value }
    #expect(expected.gradients.count == detector.store.trainable.count)
    // Rounding moves activations across zero: see the function `train` of make_torchvision.py.
    expectTraining(
      losses, renamed, detector.store, gradients: expected.gradients, tolerance: 5e-4,
      samples: 1e-2)
    let found = detector.detect(images, sizes: sizes)
    #expect(found.count == 3 && found.allSatisfy { !$0.isEmpty })
    for (own, wanted) in zip(found, expected.detections) {
      expectDetections(own, wanted, labelOffset: labelOffset)
    }
  }

  @Test(arguments: [false, true]) func fasterRCNNIsTorchvisions(composed: Bool) throws {
    let detector = try detector("128x128 | resnet18 | fpn P1-P5 256 | rpn | rcnn")
    let names = [
      "loss_objectness": "proposals.objectness", "loss_rpn_box_reg": "proposals.boxes",
      "loss_classifier": "head.classes", "loss_box_reg": "head.boxes",
    ]
    Composition.$isForced.withValue(composed) {
      expectTorchvisions(detector, golden.faster, names: names, labelOffset: 1)
    }
  }

  @Test(arguments: [false, true]) func retinaNetIsTorchvisions(composed: Bool) throws {
    let detector = try detector("128x128 | resnet18 | fpn P2-P6 256 | none | retinanet")
    let names = ["classification": "head.classes", "bbox_regression": "head.boxes"]
    Composition.$isForced.withValue(composed) {
      expectTorchvisions(detector, golden.retina, names: names, labelOffset: 0)
    }
  }

  @Test(arguments: [false, true]) func proposalsAreTorchvisions(composed: Bool) throws {
    let detector = try detector("128x128 | resnet18 | fpn P1-P5 256 | rpn | rcnn")
    guard case .regions(_, let network) = detector.head else {
      Issue.record("a Faster R-CNN has a head over regions")
      return
    }
    detector.store.mode = .evaluation
    let found = Composition.$isForced.withValue(composed) {
      withoutGradient {
        network.regions(detector.features(images), extents: ImageExtents(sizes))
      }
    }
    let expected = try #require(golden.faster.proposals)
    #expect(found.counts == expected.map { $0.count / 4 })
    for (own, wanted) in zip(found.boxes.split(sizes: found.counts), expected) {
      expectClose(own.flattened().doubles(), wanted, tolerance: 1e-4, scale: .largest)
    }
  }
}
