internal import CTorch

/// Sizes of the images of a batch, in pixels, without the padding.
package struct ImageExtents {
  /// Per image.
  package let heights: [Double]
  /// Per image.
  package let widths: [Double]

  /// One height and one width for each image.
  package init(heights: [Double], widths: [Double]) {
    precondition(heights.count == widths.count, "heights and widths are of different images")
    self.heights = heights
    self.widths = widths
  }

  /// The number of images.
  package var count: Int { heights.count }
}

/// When a box belongs to a truth, by intersection over union.
package struct MatchThresholds: Equatable, Sendable {
  /// Below it a box is background.
  package let low: Double
  /// From it on a box belongs to the truth it overlaps most; between the two it is neither.
  package let high: Double
  /// Whether the boxes that overlap a truth most belong to it in any case.
  package let keepsBestOfTruth: Bool

  /// Thresholds in order.
  package init(low: Double, high: Double, keepsBestOfTruth: Bool) {
    precondition(low <= high, "the low threshold \(low) is above the high one, \(high)")
    self.low = low
    self.high = high
    self.keepsBestOfTruth = keepsBestOfTruth
  }
}

/// The boxes of a batch in which nothing is background: what is there, nobody has said.
///
/// A box that would be background is neither when more than half of it lies in one of these.
package struct IgnoredBoxes {
  /// All of them, [n, 4], one image after the other.
  package let boxes: Tensor
  /// Per image.
  package let counts: [Int]

  /// A count for each image; they sum to the number of boxes.
  package init(boxes: Tensor, counts: [Int]) {
    self.boxes = boxes
    self.counts = counts
  }
}

// Over boxes [n, 4]; boxes of a batch lie one image after the other, with a count for each. On a CPU these are native
// kernels, elsewhere compositions of tensor operations.
extension Tensor {
  /// Indices of the boxes that greedy suppression keeps, by falling score; groups do not touch one another.
  package static func suppressed(
    boxes: Tensor, scores: Tensor, groups: Tensor? = nil, threshold: Double, limit: Int? = nil
  ) -> Tensor {
    if Composition.isNeeded(for: boxes) {
      return Composition.suppressed(
        boxes: boxes, scores: scores, groups: groups, threshold: threshold, limit: limit)
    }
    return withExtendedLifetime(groups?.handle) {
      boxes.map(scores) { ct_nms($0, $1, groups?.pointer, threshold, limit ?? -1, $2) }
    }
  }

  /// Deltas that lead from these boxes to others, in units of the deviations.
  package func boxesEncoded(_ targets: Tensor, deviations: [Double]) -> Tensor {
    if Composition.isNeeded(for: self) {
      return Composition.encoded(self, targets, deviations: deviations)
    }
    return map(targets) { ct_encode_boxes($0, $1, deviations, $2) }
  }

  /// The boxes that deltas [n, 4 k] lead to from these, without gradients.
  package func boxesDecoded(_ deltas: Tensor, deviations: [Double]) -> Tensor {
    if Composition.isNeeded(for: self) {
      return Composition.decoded(self, deltas, deviations: deviations)
    }
    return map(deltas) { ct_decode_boxes($0, $1, deviations, $2) }
  }

  /// These boxes within their images.
  package func boxesClipped(counts: [Int], to extents: ImageExtents) -> Tensor {
    if Composition.isNeeded(for: self) {
      return Composition.clipped(self, counts: counts, to: extents)
    }
    return map {
      ct_clip_boxes($0, counts, extents.heights, extents.widths, extents.count, $1)
    }
  }

  /// For each of these boxes the number of a truth (counted over the batch), -1 background, -2 neither.
  package func boxesMatched(
    counts: [Int], truths: Tensor, truthCounts: [Int], ignored: IgnoredBoxes? = nil,
    _ thresholds: MatchThresholds
  ) -> Tensor {
    if Composition.isNeeded(for: self) {
      return Composition.matched(
        self, counts: counts, truths: truths, truthCounts: truthCounts, ignored: ignored,
        thresholds)
    }
    return withExtendedLifetime(ignored?.boxes) {
      map(truths) {
        ct_match_boxes(
          $0, counts, $1, truthCounts, ignored?.boxes.pointer, ignored?.counts, counts.count,
          thresholds.low, thresholds.high, thresholds.keepsBestOfTruth, $2)
      }
    }
  }

  /// The values of a head's maps [n, shapes · each, h, w] at chosen anchors, [indices, each].
  ///
  /// Anchors are counted by image, level, row, column and shape. Gradients go back to the maps.
  package static func gathered(maps: [Tensor], each: Int, indices: Tensor) -> Tensor {
    if Composition.isNeeded(for: indices) {
      return Composition.gathered(maps: maps, each: each, indices: indices)
    }
    return withPointers(maps) { pointers, count in
      indices.map { ct_gather_maps(pointers, count, each, $0, $1) }
    }
  }
}

extension AnchorGrids {
  /// For each anchor of each image, [images, anchors]: the number of a truth, -1 background, -2 neither.
  ///
  /// With `byCell` the anchors of a cell are matched as one, by the best of their overlaps: [images, cells].
  package func matched(
    truths: Tensor, truthCounts: [Int], ignored: IgnoredBoxes? = nil,
    _ thresholds: MatchThresholds, byCell: Bool = false
  ) -> Tensor {
    if Composition.isNeeded(for: shapes) {
      return Composition.matched(
        self, truths: truths, truthCounts: truthCounts, ignored: ignored, thresholds,
        byCell: byCell)
    }
    return withExtendedLifetime(ignored?.boxes) {
      shapes.map(truths) {
        ct_match_grids(
          $0, shapeCounts, heights, widths, strides, strides.count, $1, truthCounts,
          ignored?.boxes.pointer, ignored?.counts, truthCounts.count, thresholds.low,
          thresholds.high, thresholds.keepsBestOfTruth, byCell, $2)
      }
    }
  }
}

/// Which matches were drawn for a loss.
package struct MatchSample {
  /// Indices into the matches: for each image the positives, then the negatives.
  package let indices: Tensor
  /// Positives per image.
  package let positives: [Int]
  /// Negatives per image.
  package let negatives: [Int]
}

extension Tensor {
  /// Draws up to `most` of these matches for each image: at most the share of positives, the rest background.
  ///
  /// Draws are made on the host, so that a seed gives the same samples on every device: matches are copied there and
  /// the indices back. `firstImage` is the number of the first image in its batch: parts of a batch draw what the whole
  /// batch would.
  package func sampled(
    counts: [Int], firstImage: Int = 0, most: Int, positiveShare: Double, seed: UInt64
  ) -> MatchSample {
    var positives = [Int](repeating: 0, count: counts.count)
    var negatives = positives
    let indices = moved(to: .cpu).map {
      ct_sample_matches(
        $0, counts, counts.count, firstImage, most, positiveShare, seed, $1, &positives, &negatives)
    }
    return MatchSample(
      indices: indices.moved(to: device), positives: positives, negatives: negatives)
  }
}
