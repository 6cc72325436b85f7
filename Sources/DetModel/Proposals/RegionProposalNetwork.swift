import DetBasics
package import DetNN
import DetSpec
package import DetTensor

/// The region proposal network (Ren et al. 2015): shared 3x3 convolution, then objectness and deltas of every
/// anchor of every level.
package struct RegionProposalNetwork: ProposalNetwork {
  let conv: ConvNorm
  let objectness: Conv2d
  let deltas: Conv2d
  package let anchors: AnchorGenerator
  let layout: RegionProposalLayout
  let settings: DetectionSettings
  package let coder = BoxCoder.unit
  private let matcher = Matcher.proposals
  private let sampler: Sampler

  init(
    _ scope: Scope, _ layout: RegionProposalLayout, layers: LayerSettings,
    settings: DetectionSettings
  ) {
    let head = scope / "head"
    let start = Initializer.normal(deviation: 0.01)
    conv = ConvNorm(sequence: head / "conv" / 0, layout.hidden, layers, initializer: start)
    objectness = Conv2d(head / "cls_logits", layout.objectness, initializer: start)
    deltas = Conv2d(head / "bbox_pred", layout.deltas, initializer: start)
    anchors = AnchorGenerator(layout.anchors)
    self.layout = layout
    self.settings = settings
    sampler = Sampler(count: settings.proposalSamples, positiveShare: 0.5)
  }

  /// What the network says about every anchor, per level.
  struct Maps {
    let objectness: [Tensor]  // [N, shapes, H, W]
    let deltas: [Tensor]  // [N, 4 · shapes, H, W]
    let grids: AnchorGrids
  }

  func callAsFunction(_ levels: [Tensor]) -> Maps {
    let said = layers(levels)
    return Maps(
      objectness: said.objectness, deltas: said.deltas, grids: anchors.grids(over: levels))
  }

  /// Objectness [N, shapes, H, W] and deltas [N, 4 · shapes, H, W] of every level.
  package func layers<Value: LayerValue>(
    _ levels: [Value]
  ) -> (objectness: [Value], deltas: [Value]) {
    let maps = levels.map { Conv2d.together([objectness, deltas], conv($0)) }
    return (maps.map { $0[0] }, maps.map { $0[1] })
  }

  var kind: ProposalLayers { .rpn(self) }

  /// The best boxes of each image; while training more of them are kept.
  func regions(_ maps: Maps, extents: ImageExtents, isTraining: Bool) -> Regions {
    let best = maps.grids.proposals(
      objectness: maps.objectness, deltas: maps.deltas, deviations: coder.deviations,
      extents: extents, selection(isTraining: isTraining),
      smallest: ScoredBoxes.smallestProposal)
    return Regions(boxes: best.boxes, counts: best.counts)
  }

  /// Which candidates become regions.
  package func selection(isTraining: Bool) -> Selection {
    let most = isTraining ? settings.trainProposals : layout.mostRegions
    return Selection(
      floor: 0, suppressionIoU: 0.7, mostPerLevel: layout.candidatesPerRegion * most,
      mostPerImage: most)
  }

  /// Cross-entropy of objectness and smooth L1 of deltas, both over the samples.
  func losses(_ maps: Maps, _ truths: TruthBatch, using generator: inout Generator) -> Losses {
    let matches = matcher(maps.grids, truths)
    let counts = truths.counts.map { _ in maps.grids.count }
    let sample = sampler(matches, counts: counts, firstImage: truths.firstImage, using: &generator)
    return losses(maps, truths, matches: matches, indices: sample.indices)
  }

  /// The losses for anchors that have been sampled already.
  func losses(_ maps: Maps, _ truths: TruthBatch, matches: Tensor, indices: Tensor) -> Losses {
    let own = matches.flattened().rows(at: indices)
    let isObject = own.atLeast(0)
    let logits = Tensor.gathered(maps: maps.objectness, each: 1, indices: indices).flattened()
    let objectness = logits.binaryCrossEntropyWithLogits(isObject.to(.float32), reduction: .sum)
    let samples = truths.total(indices.count)
    var losses = Losses()
    losses.add("proposals.objectness", objectness / Double(max(1, samples)))
    let positives = indices.masked(by: isObject)
    let predicted = Tensor.gathered(maps: maps.deltas, each: 4, indices: positives)
    let boxes = maps.grids.anchors(at: positives)
    let targets = coder.encode(boxes, to: truths.boxes.rows(at: own.masked(by: isObject)))
    losses.add("proposals.boxes", BoxLoss.smoothL1(predicted, targets, samples: samples))
    return losses
  }
}
