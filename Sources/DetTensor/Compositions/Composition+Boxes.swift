extension Composition {
  /// How far a box may grow: log(1000 / 16).
  package static let mostGrowth = 4.135166556742356

  /// x0 y0 x1 y1 as centre and size, [… , 2] each.
  private static func middles(_ boxes: Tensor) -> (centre: Tensor, size: Tensor) {
    let low = boxes.narrowed(dim: -1, from: 0, count: 2)
    let size = boxes.narrowed(dim: -1, from: 2, count: 2) - low
    return (low + size * 0.5, size)
  }

  /// Deltas [n, 4] that lead from boxes to others.
  static func encoded(_ boxes: Tensor, _ targets: Tensor, deviations: [Double]) -> Tensor {
    let (from, to) = (middles(boxes.to(.float32)), middles(targets.to(.float32)))
    let moves = (to.centre - from.centre) / from.size
    let growth = (to.size / from.size).log()
    return Tensor.concatenated([moves, growth], dim: 1) / numbers(deviations, beside: boxes)
  }

  /// The boxes that deltas [n, 4 k] lead to, [n, 4 k].
  static func decoded(_ boxes: Tensor, _ deltas: Tensor, deviations: [Double]) -> Tensor {
    let shape = deltas.shape
    let own = deltas.detached().to(.float32).reshaped([shape[0], shape[1] / 4, 4])
    let scaled = own * numbers(deviations, beside: boxes)
    let from = middles(boxes.detached().to(.float32).unsqueezed(1))  // [n, 1, 2] each
    let centre = from.centre + scaled.narrowed(dim: -1, from: 0, count: 2) * from.size
    let growth = scaled.narrowed(dim: -1, from: 2, count: 2).clamped(max: mostGrowth)
    let half = growth.exp() * from.size * 0.5
    return Tensor.concatenated([centre - half, centre + half], dim: -1).reshaped(shape)
  }

  /// Boxes within their images.
  static func clipped(_ boxes: Tensor, counts: [Int], to extents: ImageExtents) -> Tensor {
    let limits = counts.indices.flatMap { image in
      let (width, height) = (extents.widths[image], extents.heights[image])
      return (0..<counts[image]).flatMap { _ in [width, height, width, height] }
    }
    let most = numbers(limits, beside: boxes).reshaped([-1, 4])
    return boxes.detached().to(.float32).clamped(min: 0).minimum(most)
  }

  /// Intersection over union of every box with every other, [n, m].
  static func overlaps(_ boxes: Tensor, _ others: Tensor) -> Tensor {
    let common = intersections(boxes, others)
    return common / (areas(boxes).unsqueezed(1) + areas(others).unsqueezed(0) - common)
  }

  /// Which share of every box lies in every other, [n, m].
  static func shares(of boxes: Tensor, in others: Tensor) -> Tensor {
    intersections(boxes, others) / areas(boxes).unsqueezed(1)
  }

  private static func areas(_ boxes: Tensor) -> Tensor {
    (boxes.column(2) - boxes.column(0)) * (boxes.column(3) - boxes.column(1))
  }

  /// The area that every box has in common with every other, [n, m].
  private static func intersections(_ boxes: Tensor, _ others: Tensor) -> Tensor {
    func corner(_ boxes: Tensor, _ from: Int, _ dim: Int) -> Tensor {
      boxes.to(.float32).narrowed(dim: 1, from: from, count: 2).unsqueezed(dim)
    }
    let low = corner(boxes, 0, 1).maximum(corner(others, 0, 0))  // [n, m, 2]
    let high = corner(boxes, 2, 1).minimum(corner(others, 2, 0))
    let sides = (high - low).clamped(min: 0)
    return sides.column(0) * sides.column(1)
  }

  /// Indices of the boxes that greedy suppression keeps, by falling score.
  ///
  /// Boxes are taken in blocks by falling score. Within a block, "kept if no kept box before it overlaps it" is
  /// applied until nothing changes, which is the greedy answer: the first box is right at once, and each round makes
  /// at least the next one right. The host is asked after each round whether anything changed.
  static func suppressed(
    boxes: Tensor, scores: Tensor, groups: Tensor?, threshold: Double, limit: Int?
  ) -> Tensor {
    let known = Tensor.where(
      scores.equal(to: scores), scores, Tensor(-Double.infinity).moved(to: scores.device))
    let order = known.flattened().sorted(descending: true).indices
    let most = limit ?? Int.max
    var kept = order.narrowed(dim: 0, from: 0, count: 0)
    for start in stride(from: 0, to: order.count, by: blockSize) where kept.count < most {
      let count = min(blockSize, order.count - start)
      let block = order.narrowed(dim: 0, from: start, count: count)
      func conflicts(_ first: Tensor) -> Tensor {
        let close = overlaps(boxes.rows(at: first), boxes.rows(at: block))
          .greater(than: threshold)
        guard let groups else { return close }
        let own = groups.rows(at: first).unsqueezed(1)
        return close.and(own.equal(to: groups.rows(at: block).unsqueezed(0)))
      }
      let free = conflicts(kept).to(.float32).sum(0).equal(to: 0)
      let stays = settled(conflicts(block), free: free)
      kept = Tensor.concatenated([kept, block.masked(by: stays)])
    }
    return kept.narrowed(dim: 0, from: 0, count: min(most, kept.count))
  }

  private static let blockSize = 1024

  /// Which boxes stay, given which box conflicts with which later one, [n, n], and which are free to stay.
  private static func settled(_ conflicts: Tensor, free: Tensor) -> Tensor {
    let place = places(free.count, beside: free)
    let isLater = place.unsqueezed(1).less(than: place.unsqueezed(0))
    let against = conflicts.and(isLater).to(.float32).transposed()  // [later, earlier]
    var stays = free
    while true {
      let blocked = against.matrixProduct(stays.to(.float32).unsqueezed(1)).squeezed(1)
      let next = free.and(blocked.equal(to: 0))
      if next.equal(to: stays).all() { return stays }
      stays = next
    }
  }
}
