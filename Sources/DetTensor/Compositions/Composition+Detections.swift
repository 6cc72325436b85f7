import Foundation

extension Composition {
  /// Candidates of one image before suppression.
  private struct Candidates {
    let boxes: Tensor  // [n, 4]
    let scores: Tensor  // [n]
    let groups: Tensor  // [n]: a label, or the level of a proposal

    /// Those of several levels together.
    static func joined(_ parts: [Candidates]) -> Candidates {
      Candidates(
        boxes: Tensor.concatenated(parts.map(\.boxes)),
        scores: Tensor.concatenated(parts.map(\.scores)),
        groups: Tensor.concatenated(parts.map(\.groups)))
    }

    /// Those for which the mask is true.
    func masked(by mask: Tensor) -> Candidates {
      Candidates(
        boxes: boxes.rows(where: mask), scores: scores.masked(by: mask),
        groups: groups.masked(by: mask))
    }

    /// Those whose sides are long enough.
    func withSides(atLeast smallest: Double) -> Candidates {
      let width = boxes.column(2) - boxes.column(0)
      let height = boxes.column(3) - boxes.column(1)
      return masked(by: width.atLeast(smallest).and(height.atLeast(smallest)))
    }
  }

  /// Suppresses within each group of each image, and keeps the best.
  private static func chosen(_ images: [Candidates], _ selection: Selection, labelled: Bool)
    -> ScoredBoxes
  {
    let kept = images.map { own in
      let indices = suppressed(
        boxes: own.boxes, scores: own.scores, groups: own.groups,
        threshold: selection.suppressionIoU, limit: selection.mostPerImage)
      return Candidates(
        boxes: own.boxes.rows(at: indices), scores: own.scores.rows(at: indices),
        groups: own.groups.rows(at: indices))
    }
    let all = Candidates.joined(kept)
    return ScoredBoxes(
      boxes: all.boxes, scores: all.scores, labels: labelled ? all.groups : nil,
      counts: kept.map { $0.scores.count })
  }

  /// The highest of scores [n] in falling order, equal ones by rising place.
  private static func best(_ scores: Tensor, most: Int) -> (scores: Tensor, places: Tensor) {
    let (sorted, places) = scores.sorted(descending: true)
    let count = min(most, scores.count)
    return (
      sorted.narrowed(dim: 0, from: 0, count: count), places.narrowed(dim: 0, from: 0, count: count)
    )
  }

  private static func only(_ extents: ImageExtents, _ image: Int) -> ImageExtents {
    ImageExtents(heights: [extents.heights[image]], widths: [extents.widths[image]])
  }

  /// Proposals from objectness and deltas per level; `anchors` [images · count, 4] replace those of the grids.
  static func proposals(
    _ grids: AnchorGrids, objectness: [Tensor], deltas: [Tensor], anchors: Tensor?,
    deviations: [Double], extents: ImageExtents, _ selection: Selection, smallest: Double
  ) -> ScoredBoxes {
    // [N, anchors] per level
    let scores = objectness.map { rows($0.detached(), each: 1).squeezed(2) }
    let moves = deltas.map { rows($0.detached(), each: 4) }
    let shape = [extents.count, grids.count, 4]
    let own = anchors?.reshaped(shape) ?? grids.anchors().unsqueezed(0).expanded(shape)
    let perLevel = own.split(sizes: grids.countsPerLevel, dim: 1)
    let images = (0..<extents.count).map { image in
      Candidates.joined(
        grids.strides.indices.map { level in
          let (score, places) = best(scores[level][image], most: selection.mostPerLevel)
          let boxes = decoded(
            perLevel[level][image].rows(at: places), moves[level][image].rows(at: places),
            deviations: deviations)
          let all = Candidates(
            boxes: clipped(boxes, counts: [places.count], to: only(extents, image)), scores: score,
            groups: Tensor.full([places.count], Double(level), dtype: .int64)
              .moved(to: score.device))
          return all.masked(by: score.greater(than: -.infinity)).withSides(atLeast: smallest)
        })
    }
    return chosen(images, selection, labelled: false)
  }

  /// Detections of a dense head from logits and deltas per level.
  static func detections(
    _ grids: AnchorGrids, logits: [Tensor], deltas: [Tensor], classes: Int, deviations: [Double],
    extents: ImageExtents, _ selection: Selection
  ) -> ScoredBoxes {
    let scores = logits.map { rows($0.detached(), each: classes).flattened(from: 1) }
    let moves = deltas.map { rows($0.detached(), each: 4) }
    let anchors = grids.anchors().split(sizes: grids.countsPerLevel)
    let odds = log(selection.floor / (1 - selection.floor))
    let images = (0..<extents.count).map { image in
      Candidates.joined(
        grids.strides.indices.map { level in
          let (logit, pairs) = best(scores[level][image], most: selection.mostPerLevel)
          let places = pairs.floorDivided(by: Double(classes))
          let boxes = decoded(
            anchors[level].rows(at: places), moves[level][image].rows(at: places),
            deviations: deviations)
          let all = Candidates(
            boxes: clipped(boxes, counts: [places.count], to: only(extents, image)),
            scores: logit.sigmoid(), groups: pairs.remainder(by: Double(classes)))
          return all.masked(by: logit.greater(than: odds))
        })
    }
    return chosen(images, selection, labelled: true)
  }

  /// Detections of a region head from scores with the background first.
  static func detections(
    regions: Tensor, counts: [Int], scores: Tensor, deltas: Tensor, deviations: [Double],
    extents: ImageExtents, _ selection: Selection
  ) -> ScoredBoxes {
    let sets = scores.size(1)
    let boxes = decoded(regions, deltas, deviations: deviations)
      .reshaped([regions.size(0), deltas.size(1) / 4, 4])
    let perImage = zip(boxes.split(sizes: counts), scores.detached().split(sizes: counts))
    let images = perImage.enumerated().map { image, own in
      let (boxes, scores) = own
      let objects = scores.narrowed(dim: 1, from: 1, count: sets - 1)  // [R, classes]
      let pairs = objects.greater(than: selection.floor).nonzero()  // [n, 2]
      let (row, label) = (pairs.column(0), pairs.column(1))
      let set = boxes.size(1) == 1 ? Tensor.zeros(like: label) : label + 1
      let place = row * Double(boxes.size(1)) + set
      let found = boxes.reshaped([-1, 4]).rows(at: place)
      let score = objects.reshaped([-1]).rows(at: row * Double(sets - 1) + label)
      return Candidates(
        boxes: clipped(found, counts: [place.count], to: only(extents, image)), scores: score,
        groups: label
      ).withSides(atLeast: ScoredBoxes.smallestSide)
    }
    return chosen(images, selection, labelled: true)
  }
}
