import DetBasics
import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// Whole detectors with the same weights, equal to torchvision's in losses, gradients and detections.
struct DetectorGoldenTests {
  let golden: TorchvisionGolden
  let images = Noise.tensor(100, [2, 3, 128, 128])
  let sizes = [ImageSize(width: 128, height: 128), ImageSize(width: 120, height: 100)]

  init() throws { golden = try TorchvisionGolden.read() }

  private func truths(labels: [[Int]]) -> [GroundTruth] {
    zip([Noise.boxes(101, 3, 120), Noise.boxes(102, 2, 90)], labels).map { boxes, labels in
      let corners = boxes.floats()
      let values = labels.indices.map {
        Box(
          x0: corners[4 * $0], y0: corners[4 * $0 + 1], x1: corners[4 * $0 + 2],
          y1: corners[4 * $0 + 3])
      }
      return GroundTruth(boxes: values, labels: labels)
    }
  }

  private func detector(_ text: String) throws -> Detector {
    var options = DetectorOptions(recipe: RecipePreset.structural.recipe)
    options.detection.alignsRegions = false
    options.detection.proposalSamples = 1_000_000
    options.detection.headSamples = 1_000_000
    options.detection.trainProposals = 60
    options.detection.testProposals = 50
    options.detection.detectionsPerImage = 20
    let detector = try Detector(
      DetectorDesign(text: text), classes: 3, options: options, seed: 1)
    Noise.fill(detector.store)
    return detector
  }

  private func expectTraining(
    _ detector: Detector, _ expected: TorchvisionGolden.Whole, names: [String: String],
    labels: [[Int]]
  ) {
    #expect(detector.store.parameterCount == expected.parameters)
    let generator = Generator(seed: 3)
    let losses = detector.losses(
      images, sizes: sizes, truths: truths(labels: labels), generator: generator)
    #expect(losses.count == expected.losses.count)
    for (name, value) in losses {
      let wanted = expected.losses[names[name] ?? name] ?? .nan
      expectClose([value.item() / wanted], [1], tolerance: 1e-4, name)
    }
    losses.total.backward()
    for (name, norm) in expected.gradients {
      let gradient = detector.store[name]?.gradient
      let found = gradient.map { ($0 * $0).sum().sqrt().item() } ?? .nan
      expectClose([found / norm], [1], tolerance: 1e-3, name)
    }
  }

  private func expectDetections(
    _ detector: Detector, _ expected: TorchvisionGolden.Whole, labelOffset: Int
  ) {
    Noise.fill(detector.store, buffersOnly: true)
    let found = detector.detect(images, sizes: sizes)
    for (own, wanted) in zip(found, expected.detections) {
      #expect(own.map { $0.label + labelOffset } == wanted.labels)
      expectClose(own.map { Double($0.score) }, wanted.scores, tolerance: 1e-4, "scores")
      let corners = own.flatMap { [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1] }
      expectClose(corners.map { Double($0) }, wanted.boxes, tolerance: 1e-4, "boxes")
    }
  }

  @Test func fasterRCNNIsTorchvisions() throws {
    let detector = try detector("128x128 | resnet18 | fpn P1-P5 256 | rpn | rcnn")
    let names = [
      "proposals.objectness": "loss_objectness", "proposals.boxes": "loss_rpn_box_reg",
      "head.classes": "loss_classifier", "head.boxes": "loss_box_reg",
    ]
    expectTraining(detector, golden.faster, names: names, labels: [[0, 2, 1], [1, 1]])
    expectDetections(detector, golden.faster, labelOffset: 1)
  }

  @Test func retinaNetIsTorchvisions() throws {
    let detector = try detector("128x128 | resnet18 | fpn P2-P6 256 | none | retinanet")
    let names = ["head.classes": "classification", "head.boxes": "bbox_regression"]
    expectTraining(detector, golden.retina, names: names, labels: [[0, 2, 1], [1, 1]])
    expectDetections(detector, golden.retina, labelOffset: 0)
  }
}
