internal import CTorch

/// How features are pooled under regions.
package struct RegionPooling: Equatable, Sendable {
  /// Bins along each side of the result.
  package let bins: Int
  /// Samples along each side of a bin; 0 takes about one for each pixel.
  package let samplingRatio: Int
  /// Whether regions are moved by half a pixel, so that pixel centres lie at whole coordinates.
  package let isAligned: Bool
  /// The side, in pixels, of a region that belongs to the level of stride 16.
  package let canonicalSize: Double

  /// Pooling to bins x bins.
  package init(
    bins: Int, samplingRatio: Int = 2, isAligned: Bool = true, canonicalSize: Double = 224
  ) {
    self.bins = bins
    self.samplingRatio = samplingRatio
    self.isAligned = isAligned
    self.canonicalSize = canonicalSize
  }
}

/// Which candidates become proposals or detections.
package struct Selection: Equatable, Sendable {
  /// Candidates with a lower score are dropped.
  package let floor: Double
  /// Candidates that overlap a better one by more than this are dropped.
  package let suppressionIoU: Double
  /// Candidates kept per level before suppression.
  package let mostPerLevel: Int
  /// Kept per image in the end.
  package let mostPerImage: Int

  /// The limits.
  package init(floor: Double, suppressionIoU: Double, mostPerLevel: Int, mostPerImage: Int) {
    self.floor = floor
    self.suppressionIoU = suppressionIoU
    self.mostPerLevel = mostPerLevel
    self.mostPerImage = mostPerImage
  }
}

/// Boxes of a batch, best first within each image.
package struct ScoredBoxes {
  /// [n, 4], one image after the other.
  package let boxes: Tensor
  /// [n].
  package let scores: Tensor
  /// Class numbers from 0, [n] int64; nil for proposals, which have none.
  package let labels: Tensor?
  /// Boxes per image.
  package let counts: [Int]
}

extension Tensor {
  /// [R, C, bins, bins]: features under regions, each from the level its size belongs to (RoIAlign).
  package static func regionsPooled(
    _ levels: [Tensor], strides: [Double], regions: Tensor, counts: [Int], _ pooling: RegionPooling
  ) -> Tensor {
    if Composition.isNeeded(for: regions) {
      return Composition.regionsPooled(
        levels, strides: strides, regions: regions, counts: counts, pooling)
    }
    return withPointers(levels) { pointers, count in
      regions.map {
        ct_roi_align(
          pointers, strides, count, $0, counts, counts.count, pooling.bins,
          pooling.samplingRatio, pooling.isAligned, pooling.canonicalSize, $1)
      }
    }
  }

  /// The focal loss of logits [n, shapes · classes, h, w] per level, summed with a weight for each image.
  ///
  /// `labels` [n, anchors] holds a class, -1 for background or -2 for anchors that do not count.
  package static func focalLoss(
    _ logits: [Tensor], labels: Tensor, classes: Int, imageWeights: [Double], alpha: Double,
    gamma: Double
  ) -> Tensor {
    if Composition.isNeeded(for: labels) {
      return Composition.focalLoss(
        logits, labels: labels, classes: classes, imageWeights: imageWeights, alpha: alpha,
        gamma: gamma)
    }
    return withPointers(logits) { pointers, count in
      labels.map {
        ct_focal_loss(pointers, count, $0, classes, imageWeights, alpha, gamma, $1)
      }
    }
  }
}

extension AnchorGrids {
  /// Proposals from objectness [n, shapes, h, w] and deltas [n, 4 shapes, h, w] per level, without gradients.
  ///
  /// Boxes with a side below `smallest` pixels are dropped, and so are anchors of objectness -∞. `anchors`
  /// [images · count, 4] replace those of the grids where they were learnt.
  package func proposals(
    objectness: [Tensor], deltas: [Tensor], anchors: Tensor? = nil, deviations: [Double],
    extents: ImageExtents, _ selection: Selection, smallest: Double
  ) -> ScoredBoxes {
    if Composition.isNeeded(for: shapes) {
      return Composition.proposals(
        self, objectness: objectness, deltas: deltas, anchors: anchors, deviations: deviations,
        extents: extents, selection, smallest: smallest)
    }
    var scores: OpaquePointer?
    var counts = [Int](repeating: 0, count: extents.count)
    let boxes = Tensor.withPointers(objectness) { objectnessPointers, levels in
      Tensor.withPointers(deltas) { deltaPointers, _ in
        withExtendedLifetime(anchors?.handle) {
          shapes.map {
            ct_propose(
              objectnessPointers, deltaPointers, levels, $0, shapeCounts, strides,
              anchors?.pointer, deviations, extents.heights, extents.widths, extents.count,
              selection.mostPerLevel, selection.mostPerImage, selection.suppressionIoU, smallest,
              $1, &scores, &counts)
          }
        }
      }
    }
    return ScoredBoxes(
      boxes: boxes, scores: Tensor.taking(scores), labels: nil, counts: counts)
  }

  /// Detections from logits [n, shapes · classes, h, w] and deltas [n, 4 shapes, h, w] per level.
  package func detections(
    logits: [Tensor], deltas: [Tensor], classes: Int, deviations: [Double],
    extents: ImageExtents, _ selection: Selection
  ) -> ScoredBoxes {
    if Composition.isNeeded(for: shapes) {
      return Composition.detections(
        self, logits: logits, deltas: deltas, classes: classes, deviations: deviations,
        extents: extents, selection)
    }
    var (labels, scores): (OpaquePointer?, OpaquePointer?)
    var counts = [Int](repeating: 0, count: extents.count)
    let boxes = Tensor.withPointers(logits) { logitPointers, levels in
      Tensor.withPointers(deltas) { deltaPointers, _ in
        shapes.map {
          ct_dense_detections(
            logitPointers, deltaPointers, levels, classes, $0, shapeCounts, strides, deviations,
            extents.heights, extents.widths, extents.count, selection.floor,
            selection.mostPerLevel, selection.suppressionIoU, selection.mostPerImage, $1,
            &labels, &scores, &counts)
        }
      }
    }
    return ScoredBoxes(
      boxes: boxes, scores: Tensor.taking(scores), labels: Tensor.taking(labels), counts: counts)
  }
}

extension ScoredBoxes {
  /// A box with a side below this, in pixels, proposes nothing.
  package static let smallestProposal = 0.001
  /// A region's box with a side below this, in pixels, is no detection.
  package static let smallestSide = 0.01

  /// Detections from regions, scores [R, classes + 1] (background first) and deltas [R, 4] or one set a class.
  package static func detections(
    regions: Tensor, counts: [Int], scores: Tensor, deltas: Tensor, deviations: [Double],
    extents: ImageExtents, _ selection: Selection
  ) -> ScoredBoxes {
    if Composition.isNeeded(for: regions) {
      return Composition.detections(
        regions: regions, counts: counts, scores: scores, deltas: deltas, deviations: deviations,
        extents: extents, selection)
    }
    var (labels, outScores): (OpaquePointer?, OpaquePointer?)
    var outCounts = [Int](repeating: 0, count: extents.count)
    let boxes = withExtendedLifetime((scores.handle, deltas.handle)) {
      regions.map {
        ct_select_detections(
          $0, scores.pointer, deltas.pointer, deviations, counts, extents.heights,
          extents.widths, extents.count, selection.floor, selection.suppressionIoU,
          selection.mostPerImage, $1, &labels, &outScores, &outCounts)
      }
    }
    return ScoredBoxes(
      boxes: boxes, scores: Tensor.taking(outScores), labels: Tensor.taking(labels),
      counts: outCounts)
  }
}

extension Tensor {
  /// Takes over a handle that came out beside another.
  fileprivate static func taking(_ pointer: OpaquePointer?) -> Tensor {
    guard let pointer else { fatalError("libtorch made fewer tensors than were asked for") }
    return Tensor(TensorHandle(pointer))
  }
}
