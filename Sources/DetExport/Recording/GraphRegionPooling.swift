import DetModel
import DetTensor
import Foundation

/// Cuts features out under regions: each region from the level that its size belongs to.
struct GraphRegionPooling {
  let pooler: RegionPooler
  /// Whether every level pools every region, so that no size hangs on what is in an image.
  let isPlain: Bool

  /// [R, C, bins, bins] of the maps' kind, under boxes [N, P, 4].
  func callAsFunction(_ levels: [GraphValue], _ regions: GraphValue) -> GraphValue {
    let builder = regions.builder
    return builder.at("pooling") {
      let (images, each) = (regions.shape[0], regions.shape[1])
      let boxes = regions.reshaped([images * each, 4])
      let numbers = builder.numbers(
        (0..<images * each).map { Double($0 / each) }, shape: [images * each], dtype: .int64)
      let maps = levels.prefix(pooler.strides.count).map { $0.to(.float32) }
      guard maps.count > 1 else {
        return maps[0].pooled(
          boxes: boxes, images: numbers, stride: pooler.strides[0], pooler.pooling
        ).to(levels[0].dtype)
      }
      func pooled(_ level: Int, _ boxes: GraphValue, _ numbers: GraphValue) -> GraphValue {
        maps[level].pooled(
          boxes: boxes, images: numbers, stride: pooler.strides[level], pooler.pooling)
      }
      if isPlain {
        var best = pooled(0, boxes, numbers)
        for (level, isReached) in reaches(boxes).enumerated() {
          best = pooled(level + 1, boxes, numbers)
            .kept(where: isReached.reshaped([images * each, 1, 1, 1]), else: best)
        }
        return best.to(levels[0].dtype)
      }
      var rows: [GraphValue] = []
      var parts: [GraphValue] = []
      for (level, isOwn) in masks(boxes).enumerated() {
        let own = isOwn.trueIndices()
        rows.append(own)
        parts.append(pooled(level, boxes.rows(at: own), numbers.rows(at: own)))
      }
      // Where each region's features lie among those of all levels.
      let count = images * each
      let order = GraphValue.concatenated(rows, 0).reshaped([-1, 1])
      let back = builder.numbers([0], shape: [1], dtype: .int64).expanded([count])
        .replacing(at: order, by: builder.places(count, shape: [count]))
      return GraphValue.concatenated(parts, 0).rows(at: back).to(levels[0].dtype)
    }
  }

  /// For each level but the first, which of the boxes [R, 4] belong to it or a coarser one (Lin et al. 2017, equation 1).
  private func reaches(_ boxes: GraphValue) -> [GraphValue] {
    let sides = boxes.sliced(1, from: 2, to: 4) - boxes.sliced(1, from: 0, to: 2)
    let area = (sides.sliced(1, from: 0, to: 1) * sides.sliced(1, from: 1, to: 2))
      .reshaped([boxes.shape[0]])
    let finest = log2(pooler.strides[0]).rounded()
    // A region is of a level when its side is as long as this, but not as the next one's.
    return pooler.strides.indices.dropFirst().map { level in
      let side = pooler.pooling.canonicalSize * exp2(finest + Double(level) - 4 - 1e-6)
      return area.atLeast(side * side)
    }
  }

  /// For each level, which of the boxes [R, 4] belong to it.
  private func masks(_ boxes: GraphValue) -> [GraphValue] {
    let reaches = reaches(boxes)
    let within = reaches.map { $0.not() }
    return pooler.strides.indices.map { level in
      if level == 0 { return within[0] }
      return level == reaches.count
        ? reaches[level - 1] : reaches[level - 1].and(within[level])
    }
  }
}
