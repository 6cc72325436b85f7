import DetBasics
import DetNN
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetModel

/// Guided anchoring with the same weights as a network written from the paper and the authors' release
/// (Goldens/make_papers.py).
struct GuidedAnchoringTests {
  let golden: PaperGolden.Guided
  let store = ParameterStore(seed: 1)
  let network: GuidedAnchoringNetwork
  let levels = [(70, 12), (71, 6), (72, 3)].map { Noise.tensor($0, [2, 16, $1, $1]) }
  let extents = ImageExtents(heights: [48, 40], widths: [48, 44])

  init() throws {
    golden = try PaperGolden.read().guided
    var settings = Recipe.paper.detection
    settings.anchorScale = 2
    settings.proposalSamples = 1_000_000  // every match is a sample
    settings.testProposals = 40
    let layout = GuidedAnchoringLayout(
      channels: 16, levels: [.p1, .p2, .p3], settings: settings)
    network = GuidedAnchoringNetwork(
      store.root / "rpn", layout, layers: LayerSettings(), settings: settings)
    Noise.fill(store)
    withoutGradient { network.location.weight.mul_(8) }
  }

  private func truths() -> TruthBatch {
    var first = Noise.boxList(73, 4, 46)
    first[3] = Box(x0: 2, y0: 3, x1: 46, y1: 43)
    return TruthBatch(
      [first, Noise.boxList(74, 2, 40)].map { ImageTargets(boxes: $0, labels: $0.map { _ in 0 }) })
  }

  @Test func locationTargetsEqualTheReference() {
    let grids = network.anchors.squares(over: levels)
    let targets = LocationTargets(truths().perImage, grids: grids, scale: 2)
    #expect(targets.labels.integers() == golden.labels.flatMap { $0 })
  }

  @Test(arguments: [false, true]) func lossesAndGradientsEqualTheReference(composed: Bool) {
    Composition.$isForced.withValue(composed) {
      var generator = Generator(seed: 1)
      let losses = network.losses(network(levels), truths(), using: &generator)
      expectTraining(
        losses, golden.losses, store, gradients: golden.gradients, tolerance: 2e-4)
    }
  }

  @Test(arguments: [false, true]) func proposalsEqualTheReference(composed: Bool) {
    Composition.$isForced.withValue(composed) {
      let all = withoutGradient {
        network.regions(levels, extents: extents)
      }
      let parts = all.boxes.split(sizes: all.counts)
      for (found, wanted) in zip(parts, golden.proposals) {
        // The golden run keeps 30 after suppression, this one up to 40.
        let first = found.narrowed(dim: 0, from: 0, count: wanted.count / 4)
        expectClose(first.flattened().doubles(), wanted, tolerance: 1e-5)
      }
    }
  }

  @Test func asManyRegionsGoOnInTrainingAsInUse() {
    let layout = GuidedAnchoringLayout(
      channels: 8, levels: [.p1], settings: Recipe.paper.detection)
    #expect(layout.mostRegions == 300 && layout.mostTrainingRegions == 300)
    var few = Recipe.paper.detection
    few.trainProposals = 20
    let small = GuidedAnchoringLayout(channels: 8, levels: [.p1], settings: few)
    #expect(small.mostTrainingRegions == 20 && small.mostRegions == 300)
  }

  @Test func headsBehindItExpectNearerRegions() throws {
    for (proposals, share, lowest) in [("rpn", 1.0, 0.0), ("ga-rpn", 0.5, 0.6)] {
      let detector = try Detector(
        DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P3 8 | \(proposals) | cascade 3"),
        classes: 2, recipe: .paper, seed: 1)
      guard case .regions(let heads, _) = detector.head else {
        Issue.record("a cascade is a head over regions")
        continue
      }
      #expect(heads.sampling.lowestIoU == lowest)
      for (step, head) in heads.steps.enumerated() {
        let wanted = [0.1, 0.1, 0.2, 0.2].map { $0 * share / Double(step + 1) }
        expectClose(head.coder.deviations, wanted)
      }
    }
  }

  @Test func unlikelyPlacesProposeNothingInUse() {
    withoutGradient {
      network.location.weight.fill_(0)
      network.location.bias?.fill_(-4.7)  // a probability of 0.009
      let maps = network(levels)
      let proposals = network.regions(maps, extents: extents, isTraining: false)
      #expect(proposals.counts == [0, 0])
      #expect(network.regions(maps, extents: extents, isTraining: true).counts != [0, 0])
      network.location.bias?.fill_(-4.5)  // 0.011
      let likely = network.regions(levels, extents: extents)
      #expect(likely.counts.allSatisfy { $0 > 0 })
    }
  }

  @Test func anchorsGrowFromSquaresAroundTheMiddlesOfCells() {
    let anchors = GuidedAnchors(
      GuidedAnchoringLayout(channels: 8, levels: [.p2], settings: Recipe.paper.detection))
    // Widths, then heights of two cells, in deviations of 0.14.
    let shape = Tensor([0, 0.5, 0, -0.25], shape: [1, 2, 1, 2])
    let boxes = anchors.anchors([shape], anchors.squares(over: [shape]))
    let (w, h) = (64 * exp(0.14 * 0.5), 64 * exp(0.14 * -0.25))
    let wanted = [-28, -28, 36, 36, 12 - w / 2, 4 - h / 2, 12 + w / 2, 4 + h / 2]
    expectClose(boxes.doubles(), wanted, tolerance: 1e-6)
    let all = anchors.samples(over: [shape])
    #expect(all.shapeCounts == [9] && all.count == 18)
    #expect(all.anchors().narrowed(dim: 0, from: 1, count: 1).floats() == [-28, -28, 36, 36])
  }
}
