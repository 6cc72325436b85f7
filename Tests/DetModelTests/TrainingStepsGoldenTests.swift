import DetBasics
import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// Fifty steps of training follow torchvision's, with the same weights, batches and samples (Goldens/make_steps.py).
struct TrainingStepsGoldenTests {
  struct Steps: Decodable {
    let torch: String
    let torchvision: String
    let rates: [String: Double]
    let faster: [[String: Double]]
    let retina: [[String: Double]]
    let other: Trainings
  }
  struct Trainings: Decodable {
    let faster: [[String: Double]]
    let retina: [[String: Double]]
  }

  /// The batches that are taken in turn.
  private static let batches = 5

  private func detector(_ text: String) throws -> Detector {
    var recipe = RecipePreset.structural.recipe
    // torchvision's `model.backbone.eval()`: statistics stay, scales and shifts are trained.
    recipe.fixedStatistics = true
    recipe.detection.anchorScale = 4
    recipe.detection.alignsRegions = false
    recipe.detection.proposalSamples = 1_000_000
    recipe.detection.headSamples = 1_000_000
    recipe.detection.trainProposals = 200
    recipe.detection.headWidth = 64
    let detector = try Detector(
      DetectorDesign(text: text), classes: 3, recipe: recipe, seed: 1)
    Noise.fill(detector.store)
    withoutGradient {
      for entry in detector.store.entries where entry.name.hasSuffix("bn2.weight") {
        entry.tensor.mul_(0.2)
      }
    }
    return detector
  }

  private func losses(_ detector: Detector, batch: Int, side: Int) -> Losses {
    let extent = Double(side)
    let boxes = [
      Noise.boxList(300 + batch, 3, extent - 4), Noise.boxList(400 + batch, 2, extent - 10),
    ]
    return detector.losses(
      Noise.tensor(200 + batch, [2, 3, side, side]),
      sizes: [
        ImageSize(width: side, height: side), ImageSize(width: side - 4, height: side - 8),
      ],
      truths: boxes.map { own in
        ImageTargets(boxes: own, labels: own.indices.map { (batch + $0) % 3 })
      }, generator: Generator(seed: 1))
  }

  // torchvision's own two runs, by the arithmetic of two kinds of processors, part after 40 steps of Faster R-CNN, when a proposal
  // comes to stand on the other side of a threshold. From there on no more can be asked of this library than of them.
  private func expectSteps(
    _ detector: Detector, _ steps: [[String: Double]], _ other: [[String: Double]],
    names: [String: String], rate: Double, side: Int
  ) {
    var parted = 0.0
    let optimizer = SGD(
      detector.store, rate: rate, momentum: 0.9, weightDecay: 1e-4, decaysAll: true)
    #expect(steps.count == 50)
    for (step, wanted) in steps.enumerated() {
      let losses = losses(detector, batch: step % Self.batches, side: side)
      let found = Dictionary(
        uniqueKeysWithValues: losses.map { ($0.name, $0.value.item()) })
      #expect(found.count == wanted.count)
      for (name, value) in wanted {
        parted = max(parted, abs((other[step][name] ?? .infinity) / value - 1))
      }
      #expect(parted < (step < 40 ? 1e-3 : 0.03))
      for (name, value) in wanted {
        let own = found[names[name] ?? name] ?? .nan
        let most = (1e-3 + 2 * parted) * value
        #expect(abs(own - value) <= most, "step \(step): \(name) is \(own), not \(value)")
      }
      losses.total.backward()
      optimizer.step()
    }
  }

  @Test func fasterRCNNTrainsLikeTorchvisions() throws {
    let golden = try Golden.read(Steps.self, "steps.json")
    let rate = try #require(golden.rates["faster"])
    let names = [
      "loss_objectness": "proposals.objectness", "loss_rpn_box_reg": "proposals.boxes",
      "loss_classifier": "head.classes", "loss_box_reg": "head.boxes",
    ]
    expectSteps(
      try detector("64x64 | resnet18 16 | fpn P1-P5 32 | rpn | rcnn"), golden.faster,
      golden.other.faster, names: names, rate: rate, side: 64)
  }

  @Test func retinaNetTrainsLikeTorchvisions() throws {
    let golden = try Golden.read(Steps.self, "steps.json")
    let rate = try #require(golden.rates["retina"])
    let detector = try detector("128x128 | resnet18 16 | fpn P2-P6 32 | none | retinanet")
    withoutGradient { detector.store["head.classification_head.cls_logits.bias"]?.fill_(-4) }
    let names = ["classification": "head.classes", "bbox_regression": "head.boxes"]
    expectSteps(
      detector, golden.retina, golden.other.retina, names: names, rate: rate, side: 128)
  }
}
