extension Composition {
  /// For each of a batch's boxes the number of a truth, -1 background, -2 neither.
  static func matched(
    _ boxes: Tensor, counts: [Int], truths: Tensor, truthCounts: [Int], ignored: IgnoredBoxes?,
    _ thresholds: MatchThresholds
  ) -> Tensor {
    let (own, wanted) = (boxes.split(sizes: counts), truths.split(sizes: truthCounts))
    let leftOut = ignored.map { $0.boxes.split(sizes: $0.counts) }
    var first = 0
    let images = own.indices.map { image in
      defer { first += truthCounts[image] }
      let found = matches(
        knownOverlaps(own[image], wanted[image]), firstTruth: first, thresholds)
      guard let leftOut else { return found }
      return found.leaving(out: knownShares(of: own[image], in: leftOut[image]))
    }
    return Tensor.concatenated(images)
  }

  /// Overlaps, 0 where they are no numbers: two boxes without an area.
  private static func knownOverlaps(_ boxes: Tensor, _ truths: Tensor) -> Tensor {
    let ratios = overlaps(boxes, truths)
    return ratios.filled(where: ratios.equal(to: ratios).not(), with: 0)
  }

  /// Which shares of these boxes lie in others, [n, m], 0 for a box without an area.
  private static func knownShares(of boxes: Tensor, in others: Tensor) -> Tensor {
    let shares = self.shares(of: boxes, in: others)
    return shares.filled(where: shares.equal(to: shares).not(), with: 0)
  }

  /// Matches of every anchor (or cell) of every image, [images, anchors].
  static func matched(
    _ grids: AnchorGrids, truths: Tensor, truthCounts: [Int], ignored: IgnoredBoxes?,
    _ thresholds: MatchThresholds, byCell: Bool
  ) -> Tensor {
    let anchors = grids.anchors()
    func best(_ ratios: Tensor) -> Tensor { byCell ? bestOfCells(ratios, grids) : ratios }
    let wanted = truths.split(sizes: truthCounts)
    let leftOut = ignored.map { $0.boxes.split(sizes: $0.counts) }
    var first = 0
    let images = wanted.indices.map { image in
      defer { first += truthCounts[image] }
      let found = matches(
        best(knownOverlaps(anchors, wanted[image])), firstTruth: first, thresholds)
      guard let leftOut else { return found }
      return found.leaving(out: best(knownShares(of: anchors, in: leftOut[image])))
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

extension Tensor {
  /// These matches, with background of which more than half lies in an ignored box made neither; shares are [n, ignored].
  fileprivate func leaving(out shares: Tensor) -> Tensor {
    guard shares.size(1) > 0, shares.size(0) > 0 else { return self }
    let isIgnored = shares.amax([1]).greater(than: 0.5)
    return filled(where: isIgnored.and(equal(to: -1)), with: -2)
  }
}
