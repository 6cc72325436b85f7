import DetBasics
import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetModel

/// The cascade head with the same weights as one written from the paper (Goldens/make_papers.py).
struct CascadeGoldenTests {
  let golden: PaperGolden.Cascade
  let store = ParameterStore(seed: 1)
  let heads: RegionHeads
  let levels = [Noise.tensor(80, [2, 8, 16, 16]), Noise.tensor(81, [2, 8, 8, 8])]
  let extents = ImageExtents(heights: [64, 50], widths: [64, 60])

  init() throws {
    golden = try PaperGolden.read().cascade
    var recipe = Recipe.paper
    recipe.detection.alignsRegions = false
    recipe.detection.headWidth = 24
    recipe.detection.headSamples = 1_000_000  // every match is a sample
    recipe.detection.detectionsPerImage = 10
    let spec = BackboneSpec.classic(.resnet18, base: 8)
    let backbone = BackboneLayout(spec)
    let neck = NeckLayout.pyramid(
      PyramidLayout(.p1 ... .p2, channels: 8, inputs: [8, 16], extra: .subsampled))
    let layout = RegionHeadLayout(
      behind: neck, backbone, steps: 3, isClassAgnostic: true, classes: 3,
      channels: recipe.detection.headWidth, canonicalSize: 56)
    let proposals = try #require(
      ProposalLayout(.rpn, behind: neck, settings: recipe.detection))
    heads = RegionHeads(
      store.root, layout, names: BackboneNames(spec, backbone), layers: LayerSettings(),
      settings: recipe.detection,
      sampling: HeadSampling(after: proposals, settings: recipe.detection))
    Noise.fill(store)
    withoutGradient {
      for step in heads.steps {
        step.scores.weight.mul_(60)
        step.deltas.weight.mul_(20)
      }
    }
  }

  private var truths: [Tensor] { [Noise.boxes(82, 3, 60), Noise.boxes(83, 2, 50)] }

  private func proposals() -> Regions {
    let parts = truths.enumerated().flatMap { image, truth in
      [Noise.boxes(84 + image, 12, 60), truth + Noise.tensor(86 + image, truth.shape) * 3]
    }
    let counts = [15, 14]
    return Regions(
      boxes: Tensor.concatenated(parts).boxesClipped(counts: counts, to: extents), counts: counts)
  }

  @Test(arguments: [false, true]) func lossesAndGradientsEqualTheReference(composed: Bool) {
    Composition.$isForced.withValue(composed) {
      let batch = TruthBatch([
        ImageTargets(boxes: Noise.boxList(82, 3, 60), labels: [0, 2, 1]),
        ImageTargets(boxes: Noise.boxList(83, 2, 50), labels: [1, 1]),
      ])
      var generator = Generator(seed: 1)
      let losses = heads.losses(
        levels, proposals(), batch, extents: extents, using: &generator)
      expectTraining(
        losses, golden.losses, store, gradients: golden.gradients, tolerance: 2e-4)
    }
  }

  @Test(arguments: [false, true]) func detectionsEqualTheReference(composed: Bool) {
    Composition.$isForced.withValue(composed) {
      let found = withoutGradient {
        heads.detections(levels, proposals(), extents: extents, heads.settings.selection)
          .detections
      }
      for (own, wanted) in zip(found, golden.detections) { expectDetections(own, wanted) }
    }
  }
}
