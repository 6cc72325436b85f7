extension Composition {
  /// For each of a batch's boxes the number of a truth, -1 background, -2 neither.
  static func matched(
    _ boxes: Tensor, counts: [Int], truths: Tensor, truthCounts: [Int],
    _ thresholds: MatchThresholds
  ) -> Tensor {
    let (own, wanted) = (boxes.split(sizes: counts), truths.split(sizes: truthCounts))
    var first = 0
    let images = zip(own, wanted).map { boxes, truths in
      defer { first += truths.size(0) }
      return matches(knownOverlaps(boxes, truths), firstTruth: first, thresholds)
    }
    return Tensor.concatenated(images)
  }

  /// Overlaps, 0 where they are no numbers: two boxes without an area.
  private static func knownOverlaps(_ boxes: Tensor, _ truths: Tensor) -> Tensor {
    let ratios = overlaps(boxes, truths)
    return ratios.filled(where: ratios.equal(to: ratios).not(), with: 0)
  }

  /// Matches of every anchor (or cell) of every image, [images, anchors].
  static func matched(
    _ grids: AnchorGrids, truths: Tensor, truthCounts: [Int], _ thresholds: MatchThresholds,
    byCell: Bool
  ) -> Tensor {
    let anchors = grids.anchors()
    var first = 0
    let images = truths.split(sizes: truthCounts).map { truths in
      defer { first += truths.size(0) }
      let ratios = knownOverlaps(anchors, truths)
      let own = byCell ? bestOfCells(ratios, grids) : ratios
      return matches(own, firstTruth: first, thresholds)
    }
    return Tensor.stacked(images)
  }

  /// The largest overlap among the anchors of each cell, [cells, truths].
  private static func bestOfCells(_ ratios: Tensor, _ grids: AnchorGrids) -> Tensor {
    let levels = ratios.split(sizes: grids.countsPerLevel)
    return Tensor.concatenated(
      zip(levels, grids.shapeCounts).map { level, shapes in
        level.reshaped([level.size(0) / shapes, shapes, level.size(1)]).amax([1])
      })
  }

  /// What overlaps [boxes, truths] make of each box.
  private static func matches(
    _ ratios: Tensor, firstTruth: Int, _ thresholds: MatchThresholds
  ) -> Tensor {
    let background = Tensor.full([ratios.size(0)], -1, dtype: .int64).moved(to: ratios.device)
    guard ratios.size(1) > 0, ratios.size(0) > 0 else { return background }
    let (best, number) = ratios.max(1)
    let truth = number + Double(firstTruth)
    let meets = best.greater(than: 0)
    let belongs = best.atLeast(thresholds.high).and(meets)
    let rest = Tensor.where(best.less(than: thresholds.low), background, background - 1)
    let byThreshold = Tensor.where(belongs, truth, rest)
    guard thresholds.keepsBestOfTruth else { return byThreshold }
    let highest = ratios.amax([0], keepDims: true)  // [1, truths]
    let isBest = ratios.equal(to: highest).and(highest.greater(than: 0))
    return Tensor.where(isBest.to(.float32).sum(1).greater(than: 0), truth, byThreshold)
  }
}
