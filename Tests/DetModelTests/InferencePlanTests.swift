import DetBasics
import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// Detectors in use, computed through the plan, against the layers as training has them.
struct InferencePlanTests {
  private func detector(_ text: String, _ preset: RecipePreset) throws -> Detector {
    var recipe = preset.recipe
    recipe.detection.headWidth = 64
    recipe.detection.testProposals = 40
    let detector = try Detector(
      DetectorDesign(text: text), classes: 2, recipe: recipe, seed: 4)
    Noise.fill(detector.store)
    return detector
  }

  /// Features, and the head's raw scores and deltas for regions that do not depend on either path.
  private func outputs(_ detector: Detector) -> [Tensor] {
    detector.store.inferring {
      let levels = detector.features(Noise.tensor(7, [1, 3, 96, 128]))
      switch detector.head {
      case .dense(let head):
        let maps = head(levels)
        return levels + maps.logits + maps.deltas
      case .regions(let heads, let network):
        let regions = Regions(boxes: Noise.boxes(9, 12, 90), counts: [12])
        let output = heads.steps[0](heads.pooler(levels, regions))
        return levels + maps(of: network, levels) + [output.scores, output.deltas]
      }
    }
  }

  private func maps(of network: any ProposalNetwork, _ levels: [Tensor]) -> [Tensor] {
    if let network = network as? RegionProposalNetwork {
      let maps = network(levels)
      return maps.objectness + maps.deltas
    }
    guard let network = network as? GuidedAnchoringNetwork else {
      Issue.record("\(type(of: network)) is not looked at")
      return []
    }
    let maps = network(levels)
    return maps.location + maps.shape + maps.objectness + maps.deltas
  }

  private func expectEqual(_ detector: Detector) {
    detector.store.usesInferencePlan = true
    let fused = outputs(detector)
    detector.store.usesInferencePlan = false
    let plain = outputs(detector)
    detector.store.usesInferencePlan = true
    #expect(fused.count == plain.count)
    for (own, wanted) in zip(fused, plain) {
      let scale = max(wanted.abs().amax().item(), 1e-6)
      #expect((own - wanted).abs().amax().item() < 1e-4 * scale, "\(wanted.shape)")
    }
  }

  @Test(arguments: [
    ("128x96 | resnet18 32 | fpn P1-P5 32 | rpn | rcnn", RecipePreset.structural),
    ("128x96 | resnet18 16 | fpn P1-P3 32 | rpn | cascade 2", .small),
    ("128x96 | bottleneck 16 1-12-1-1 | fpn P2-P5 32 | none | retinanet", .structural),
    ("128x96 | xbottleneck 32 1-12-1-1 | fpn P1-P3 32 | rpn | rcnn", .structural),
    ("128x96 | mobilenetv2 | fpn P1-P3 32 | rpn | rcnn", .structural),
    ("128x96 | resnet18 16 | none | rpn | rcnn", .structural),
    ("128x96 | resnet18 16 | fpn P1-P3 32 | ga-rpn | rcnn", .structural),
  ])
  func planEqualsPlainLayers(text: String, preset: RecipePreset) throws {
    expectEqual(try detector(text, preset))
  }

  @Test func changedWeightsMakeANewPlan() throws {
    let detector = try detector(
      "128x96 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn", .structural)
    let before = outputs(detector)
    let kept = detector.store.inferring { detector.store.plan }
    #expect(kept === detector.store.inferring { detector.store.plan })
    #expect((kept?.count ?? 0) > 20)
    for name in ["backbone.body.layer1.0.conv1.weight", "backbone.body.bn1.running_mean"] {
      withoutGradient { _ = detector.store[name]?.add_(0.1) }
      #expect(kept !== detector.store.inferring { detector.store.plan })
      expectEqual(detector)
    }
    let after = outputs(detector)
    #expect((after[0] - before[0]).abs().amax().item() > 1e-3)
  }

  @Test func optimizerStepsAndAveragesAreSeen() throws {
    let detector = try detector("64x64 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn", .small)
    let image = Noise.tensor(7, [1, 3, 64, 64])
    let truth = ImageTargets(boxes: [Box(x0: 8, y0: 8, x1: 40, y1: 40)], labels: [1])
    let average = ExponentialMovingAverage(detector.store, decay: 0.5)
    let optimizer = SGD(detector.store, rate: 0.01)
    expectEqual(detector)
    detector.losses(image, truths: [truth], generator: Generator(seed: 1)).total.backward()
    optimizer.step(clip: 10)
    average.update()
    expectEqual(detector)
    average.whileApplied { expectEqual(detector) }
    expectEqual(detector)
  }

  @Test func trainingGoesOnWithoutThePlan() throws {
    let detector = try detector("64x64 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn", .structural)
    _ = outputs(detector)
    #expect(detector.store.plan == nil && detector.store.isTraining)
    let levels = detector.features(Noise.tensor(7, [1, 3, 64, 64]))
    levels[0].sum().backward()
    #expect(detector.store["backbone.body.conv1.weight"]?.gradient != nil)
  }

  @Test(arguments: [
    "128x96 | resnet18 32 | fpn P1-P5 32 | rpn | rcnn",
    "128x96 | resnet18 32 | fpn P2-P5 32 | none | retinanet",
  ])
  func bfloat16StaysNear(text: String) throws {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.headWidth = 64
    let images = Noise.tensor(7, [2, 3, 96, 128])
    let truth = ImageTargets(boxes: [Box(x0: 8, y0: 8, x1: 60, y1: 60)], labels: [1])
    var losses: [Double] = []
    var gradients: [Tensor] = []
    var features: [Tensor] = []
    for precision in [Recipe.Precision.float32, .bfloat16] {
      recipe.precision = precision
      let detector = try Detector(
        DetectorDesign(text: text), classes: 2, recipe: recipe, seed: 4)
      let total = detector.losses(
        images, truths: [truth, truth], generator: Generator(seed: 1)
      ).total
      total.backward()
      losses.append(total.item())
      let name = "backbone.body.layer1.0.conv1.weight"
      gradients.append(try #require(detector.store[name]?.gradient))
      #expect(detector.detect(images).count == 2)
      features += detector.store.inferring(in: precision == .float32 ? .float32 : .bfloat16) {
        [detector.features(images)[0]]
      }
    }
    #expect(features[1].dtype == .bfloat16 && gradients[1].dtype == .float32)
    #expect(abs(losses[1] / losses[0] - 1) < 0.02)
    let scale = features[0].abs().amax().item()
    #expect((features[1].to(.float32) - features[0]).abs().amax().item() < 0.03 * scale)
  }
}
