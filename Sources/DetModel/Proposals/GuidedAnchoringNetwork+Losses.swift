import DetBasics
import DetNN
import DetSpec
import DetTensor

/// The four losses of Wang et al. 2019, equation 7: location, shape, objectness, boxes; weighted and divided as in the
/// authors' release, mmdetection's `configs/guided_anchoring/ga_faster_r50_caffe_fpn_1x.py`, where all four weigh 1.
extension GuidedAnchoringNetwork {
  /// What a cell without an object weighs in the location loss (mmdetection's `ga_loc_target`).
  static let emptyCellWeight = 0.1
  /// The location loss is a sum over cells, divided by one in this many of them (`loc_avg_factor` of `ga_loc_target`).
  static let cellsPerUnit = 200.0

  /// Which cells a batch's losses look at.
  struct Samples {
    /// For each cell the truth that its best-fitting anchor overlaps, [images, cells].
    let shapeMatches: Tensor
    /// Cells with a truth whose shape is learnt, indices over the batch.
    let shapes: Tensor
    /// How many cells were drawn for the shape loss, those without a truth included.
    let shapeCount: Int
    /// For each predicted anchor the truth that it overlaps, [images · cells].
    let anchorMatches: Tensor
    /// Predicted anchors whose objectness is learnt, indices over the batch.
    let anchors: Tensor
  }

  /// The losses of a batch.
  func losses(_ maps: Maps, _ truths: TruthBatch, using generator: inout Generator) -> Losses {
    let samples = sampled(maps, truths, using: &generator)
    return losses(maps, truths, samples)
  }

  private func sampled(_ maps: Maps, _ truths: TruthBatch, using generator: inout Generator)
    -> Samples
  {
    let matcher = Matcher.proposals
    let sampler = Sampler(count: settings.proposalSamples, positiveShare: 0.5)
    let counts = truths.counts.map { _ in maps.squares.count }
    let all = anchors.samples(over: maps.shape)
    let shapeMatches = matcher(all, truths, byCell: true)
    let cells = sampler(
      shapeMatches, counts: counts, firstImage: truths.firstImage, using: &generator
    ).indices
    let anchorMatches = matcher(maps.anchors, counts: counts, truths)
    return Samples(
      shapeMatches: shapeMatches,
      shapes: cells.masked(by: shapeMatches.flattened().rows(at: cells).atLeast(0)),
      shapeCount: cells.count,
      anchorMatches: anchorMatches,
      anchors: sampler(
        anchorMatches, counts: counts, firstImage: truths.firstImage, using: &generator
      ).indices)
  }

  /// The losses for samples that have been drawn already.
  func losses(_ maps: Maps, _ truths: TruthBatch, _ samples: Samples) -> Losses {
    var losses = Losses()
    losses.add("proposals.location", locationLoss(maps, truths))
    losses.add("proposals.shape", shapeLoss(maps, truths, samples))
    let own = samples.anchorMatches.rows(at: samples.anchors)
    let isObject = own.atLeast(0)
    let count = Double(max(1, truths.total(samples.anchors.count)))
    let logits = Tensor.gathered(maps: maps.objectness, each: 1, indices: samples.anchors)
    let objectness = logits.flattened().binaryCrossEntropyWithLogits(
      isObject.to(.float32), reduction: .sum)
    losses.add("proposals.objectness", objectness / count)
    let positives = samples.anchors.masked(by: isObject)
    let targets = coder.encode(
      maps.anchors.rows(at: positives), to: truths.boxes.rows(at: own.masked(by: isObject)))
    let boxes = Tensor.gathered(maps: maps.deltas, each: 4, indices: positives)
      .smoothL1(targets, reduction: .sum)
    losses.add("proposals.boxes", boxes / count)
    return losses
  }

  /// The focal loss over all cells; it is divided by their number, since centres can be none.
  private func locationLoss(_ maps: Maps, _ truths: TruthBatch) -> Tensor {
    let targets = LocationTargets(
      truths.perImage, ignored: truths.ignoredPerImage, grids: maps.squares, scale: layout.scale)
    let share = Self.cellsPerUnit / Double(max(1, truths.total(targets.labels.count)))
    func focal(_ labels: Tensor, weight: Double) -> Tensor {
      Tensor.focalLoss(
        maps.location, labels: labels, classes: 1,
        imageWeights: truths.counts.map { _ in weight * share }, alpha: RetinaHead.alpha,
        gamma: RetinaHead.gamma)
    }
    let all = focal(targets.labels, weight: Self.emptyCellWeight)
    return all + focal(targets.onlyCentres, weight: 1 - Self.emptyCellWeight)
  }

  /// The bounded IoU loss of predicted sides, divided by the number of cells that were drawn, with or without a truth.
  ///
  /// The release adds how far middles are apart, which no prediction changes.
  private func shapeLoss(_ maps: Maps, _ truths: TruthBatch, _ samples: Samples) -> Tensor {
    let growth = Tensor.gathered(maps: maps.shape, each: 2, indices: samples.shapes)
    let bounded = (growth * GuidedAnchors.deviation)
      .clamped(min: -GuidedAnchors.mostGrowth, max: GuidedAnchors.mostGrowth)
    let sides = sides(of: maps.squares.anchors(at: samples.shapes)) * bounded.exp()
    let own = samples.shapeMatches.flattened().rows(at: samples.shapes)
    let wanted = self.sides(of: truths.boxes.rows(at: own))
    return BoundedIoULoss.sum(sides, wanted) / Double(max(1, truths.total(samples.shapeCount)))
  }

  /// Width and height of boxes, [n, 2].
  private func sides(of boxes: Tensor) -> Tensor {
    boxes.narrowed(dim: 1, from: 2, count: 2) - boxes.narrowed(dim: 1, from: 0, count: 2)
  }
}
