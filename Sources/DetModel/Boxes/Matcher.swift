import DetTensor

/// Decides which truth every box belongs to, by intersection over union.
///
/// A match is the number of a truth, counted over the batch; -1 is background, -2 is neither. Of what would be background,
/// boxes of which more than half lies in an ignored box are neither (as `ignore_iof_thr` of mmdetection; boxes of a truth
/// stay its own, since a crowd's box often covers objects that are labelled one by one).
package struct Matcher {
  let thresholds: MatchThresholds

  /// Background below `low`, a match from `high` on; with `keepsBestOfTruth` the boxes that overlap a truth
  /// most are matched in any case.
  package init(low: Double, high: Double, keepsBestOfTruth: Bool) {
    thresholds = MatchThresholds(low: low, high: high, keepsBestOfTruth: keepsBestOfTruth)
  }

  /// For anchors of a region proposal network (Ren et al. 2015, section 3.1.2).
  package static var proposals: Matcher { Matcher(low: 0.3, high: 0.7, keepsBestOfTruth: true) }

  /// For anchors of RetinaNet (Lin et al. 2017, section 4).
  package static var dense: Matcher { Matcher(low: 0.4, high: 0.5, keepsBestOfTruth: true) }

  /// For regions in the `step` (from 0) of a head: 0.5, 0.6, 0.7, 0.75 (Cai & Vasconcelos 2018), or more on demand.
  package static func regions(step: Int, atLeast lowest: Double = 0) -> Matcher {
    let threshold = max([0.5, 0.6, 0.7, 0.75][step], lowest)
    return Matcher(low: threshold, high: threshold, keepsBestOfTruth: false)
  }

  /// Matches of every anchor of every image, [images, anchors]; by cell, those of the best anchor of each.
  func callAsFunction(_ grids: AnchorGrids, _ truths: TruthBatch, byCell: Bool = false) -> Tensor {
    grids.matched(
      truths: truths.boxes, truthCounts: truths.counts, ignored: truths.ignored, thresholds,
      byCell: byCell)
  }

  /// Matches of boxes [n, 4] that lie one image after the other, [n].
  func callAsFunction(_ boxes: Tensor, counts: [Int], _ truths: TruthBatch) -> Tensor {
    boxes.boxesMatched(
      counts: counts, truths: truths.boxes, truthCounts: truths.counts, ignored: truths.ignored,
      thresholds)
  }
}
