import DetBasics
import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// Detectors of which some stages, and statistics, stay as they were loaded.
struct FreezingTests {
  private func detector(_ text: String, _ change: (inout Recipe) -> Void) throws -> Detector {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.headSamples = 16
    recipe.detection.trainProposals = 30
    recipe.detection.headWidth = 16
    change(&recipe)
    let detector = try Detector(
      DetectorDesign(text: text), classes: 2, recipe: recipe, seed: 4)
    return detector
  }

  private func losses(_ detector: Detector, step: Int = 0) -> Losses {
    let truths = [ImageTargets(boxes: [Box(x0: 8, y0: 8, x1: 40, y1: 40)], labels: [1])]
    return detector.losses(
      Noise.tensor(7, [1, 3, 64, 64]), truths: truths,
      generator: Generator(seed: 2).stream("step", step))
  }

  /// The backbone's stages that a path belongs to; 0 is the stem, nil what is behind the backbone.
  private func stage(_ name: String, isMobileNet: Bool) -> Int? {
    guard name.hasPrefix("backbone.body.") else { return nil }
    let words = name.split(separator: ".").dropFirst(2).map(String.init)
    if isMobileNet {
      // Strides of blocks 1 to 17: stem to 1, then stages of 2, 3, 7 and 4 blocks.
      let block = Int(words[1]) ?? 0
      return [1, 3, 6, 13, 17].firstIndex { block <= $0 }
    }
    return words[0].hasPrefix("layer") ? Int(words[0].dropFirst(5)) : 0
  }

  static let designs = [
    "64x64 | resnet18 8 | fpn P1-P4 16 | rpn | rcnn",
    "64x64 | mobilenetv2 8 | fpn P1-P3 16 | none | retinanet",
    "64x64 | basicblock 8 1-21-2-2 | fpn P2-P4 16 | ga-rpn | cascade 2",
    "64x64 | resnet18 8 | none | rpn | rcnn",
  ]

  @Test(arguments: designs, 0...4)
  func frozenStagesHaveNoGradientAndStay(text: String, count: Int) throws {
    let detector = try detector(text) {
      $0.frozenStages = count
      $0.fixedStatistics = true
    }
    let store = detector.store
    let isMobileNet = text.contains("mobilenet")
    let wanted = store.entries.map(\.name).filter {
      stage($0, isMobileNet: isMobileNet).map { count > 0 && $0 <= count } ?? false
    }
    #expect(store.frozen.map(\.name) == wanted && wanted.isEmpty == (count == 0))
    // Nothing is recorded up to the last frozen level, everything is from the next one on.
    let levels = detector.backbone(Noise.tensor(7, [1, 3, 64, 64]).channelsLast())
    #expect(levels.map(\.requiresGradient) == levels.indices.map { $0 >= count })
    let optimizer = SGD(store, rate: 0.05)
    let before = store.entries.map { $0.tensor.floats() }
    for step in 0..<2 {
      losses(detector, step: step).total.backward()
      #expect(store.frozen.allSatisfy { $0.tensor.gradient == nil })
      optimizer.step(clip: 10)
    }
    let changed = zip(store.entries, before).filter { $0.tensor.floats() != $1 }.map(\.0)
    let names = Set(changed.map(\.name))
    #expect(names.isDisjoint(with: wanted))
    #expect(changed.allSatisfy { $0.isParameter }, "statistics stay")
    let convolutions = store.trainable.filter { $0.tensor.dimensions == 4 }
    #expect(convolutions.filter { names.contains($0.name) }.count > convolutions.count / 2)
  }

  @Test(arguments: [true, false]) func statisticsMoveUnlessTheyAreFixed(isFixed: Bool) throws {
    let detector = try detector(Self.designs[3]) { $0.fixedStatistics = isFixed }
    let buffers = detector.store.entries.filter { !$0.isParameter }
    let before = buffers.map { $0.tensor.floats() }
    losses(detector).total.backward()
    let moved = zip(buffers, before).filter { $0.tensor.floats() != $1 }
    #expect(moved.count == (isFixed ? 0 : buffers.count))
    // Scales are learnt in either case, over regions, too.
    #expect(detector.store["backbone.body.layer4.0.bn1.weight"]?.gradient != nil)
  }

  @Test func withWeightsTheReferencesFreezingIsTheDefault() throws {
    let scratch = try detector(Self.designs[0]) { _ in }
    #expect(scratch.store.frozen.isEmpty)
    let loaded = try detector(Self.designs[0]) { $0.pretrained = "r18.pth" }
    #expect(loaded.store.frozen.contains { $0.name.hasSuffix("layer1.1.conv2.weight") })
    #expect(!loaded.store.frozen.contains { $0.name.contains("layer2") })
    let before = loaded.store["backbone.body.layer2.0.bn1.running_mean"]?.floats()
    losses(loaded).total.backward()
    #expect(loaded.store["backbone.body.layer2.0.bn1.running_mean"]?.floats() == before)
    #expect(loaded.store["backbone.body.layer2.0.bn1.weight"]?.gradient != nil)
  }

  @Test(arguments: Recipe.Norm.allCases) func frozenStagesGiveWhatTheyGiveInUse(norm: Recipe.Norm)
    throws
  {
    let images = Noise.tensor(7, [1, 3, 64, 64]).channelsLast()
    func level(frozen: Int) throws -> Tensor {
      let detector = try detector(Self.designs[0]) {
        $0.norm = norm
        $0.weightStandardization = norm == .group
        $0.frozenStages = frozen
      }
      Noise.fill(detector.store)
      if frozen == 0 { detector.store.mode = .evaluation }
      return detector.backbone(images)[1].detached()
    }
    let (own, wanted) = (try level(frozen: 2), try level(frozen: 0))
    #expect((own - wanted).abs().amax().item() < 1e-4 * wanted.abs().amax().item())
  }

  @Test func frozenStagesTrainInHalfPrecisionToo() throws {
    let detector = try detector(Self.designs[0]) {
      $0.pretrained = "r18.pth"
      $0.precision = .bfloat16
    }
    let losses = losses(detector)
    losses.total.backward()
    #expect(losses.allSatisfy { $0.value.item().isFinite })
    #expect(detector.store["backbone.body.layer2.0.conv1.weight"]?.gradient != nil)
  }
}
