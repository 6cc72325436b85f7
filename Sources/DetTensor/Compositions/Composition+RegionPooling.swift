import Foundation

extension Composition {
  /// RoIAlign: every region from the level of its size, samples between pixels by gathers.
  static func regionsPooled(
    _ levels: [Tensor], strides: [Double], regions: Tensor, counts: [Int], _ pooling: RegionPooling
  ) -> Tensor {
    let boxes = regions.detached().to(.float32)
    let image = parts(counts, beside: boxes)
    let level = self.level(of: boxes, strides: strides, canonicalSize: pooling.canonicalSize)
    var order: [Tensor] = []
    let pooled = levels.indices.map { number in
      let own = level.equal(to: Double(number)).trueIndices()
      order.append(own)
      return self.pooled(
        levels[number].to(.float32), stride: strides[number], boxes: boxes.rows(at: own),
        images: image.rows(at: own), pooling)
    }
    // Where each region's result lies among those of all levels.
    let back = Tensor.concatenated(order).sorted().indices
    return Tensor.concatenated(pooled).rows(at: back)
  }

  /// The level each region belongs to (Lin et al. 2017, equation 1), counted from the finest.
  private static func level(of boxes: Tensor, strides: [Double], canonicalSize: Double) -> Tensor {
    let finest = log2(strides[0]).rounded()
    let sides =
      boxes.narrowed(dim: 1, from: 2, count: 2) - boxes.narrowed(dim: 1, from: 0, count: 2)
    let side = (sides.column(0) * sides.column(1)).clamped(min: 0).sqrt()
    let exact = ((side / canonicalSize).log2() + (4 + 1e-6)).floor() - finest
    let known = exact.filled(where: side.greater(than: 0).not(), with: 0)
    return known.clamped(min: 0, max: Double(strides.count - 1)).to(.int64)
  }

  /// Where samples lie along one axis: the two pixels beside each and what they count for, [R, bins · samples].
  private struct Axis {
    let low: Tensor
    let high: Tensor
    let lowWeight: Tensor
    let highWeight: Tensor
  }

  /// The axis of regions that start at `start` and are `length` long, [R] each, over `extent` pixels.
  private static func axis(
    _ start: Tensor, _ length: Tensor, extent: Int, bins: Int, samples: Tensor, most: Int
  ) -> Axis {
    let bin = (length / Double(bins)).reshaped([-1, 1, 1])  // [R, 1, 1]
    let number = places(bins, beside: start, dtype: .float32).reshaped([1, -1, 1])
    let sample = places(most, beside: start, dtype: .float32).reshaped([1, 1, -1])
    let count = samples.reshaped([-1, 1, 1])
    let position = start.reshaped([-1, 1, 1]) + number * bin + (sample + 0.5) * bin / count
    let isInside = position.atLeast(-1).and(position.atMost(Double(extent)))
      .and(sample.less(than: count))
    let inside = position.filled(where: isInside.not(), with: 0).clamped(
      min: 0, max: Double(extent - 1))
    let low = inside.floor()
    let share = (inside - low)
    let each = (Tensor.ones(like: position) / count).filled(where: isInside.not(), with: 0)
    let shape = [start.size(0), bins * most]
    return Axis(
      low: low.to(.int64).reshaped(shape),
      high: (low + 1).clamped(max: Double(extent - 1)).to(.int64).reshaped(shape),
      lowWeight: ((1 - share) * each).reshaped(shape), highWeight: (share * each).reshaped(shape))
  }

  /// [R, C, bins, bins] out of one level.
  private static func pooled(
    _ map: Tensor, stride: Double, boxes: Tensor, images: Tensor, _ pooling: RegionPooling
  ) -> Tensor {
    let (shape, bins, regions) = (map.shape, pooling.bins, boxes.size(0))
    guard regions > 0 else {
      // No region, but still a part of the graph: its gradient is zero.
      return map.reshaped([-1]).narrowed(dim: 0, from: 0, count: 0)
        .reshaped([0, shape[1], bins, bins])
    }
    let scaled = boxes / stride - (pooling.isAligned ? 0.5 : 0)
    func axis(_ from: Int, extent: Int) -> Axis {
      let start = scaled.column(from)
      let whole = scaled.column(from + 2) - start
      let length = pooling.isAligned ? whole : whole.clamped(min: 1)
      let count =
        pooling.samplingRatio > 0
        ? Tensor.full([regions], Double(pooling.samplingRatio)).moved(to: map.device)
        : (length / Double(bins)).ceil().clamped(min: 1)
      return self.axis(
        start, length, extent: extent, bins: bins, samples: count, most: Int(count.max().item()))
    }
    let (rows, columns) = (axis(1, extent: shape[2]), axis(0, extent: shape[3]))
    let pixels = map.permuted([0, 2, 3, 1]).reshaped([-1, shape[1]])  // [N · H · W, C]
    let first = images.reshaped([-1, 1, 1]) * Double(shape[2])
    func samples(_ row: Tensor, _ rowWeight: Tensor, _ column: Tensor, _ weight: Tensor) -> Tensor {
      let place = (first + row.unsqueezed(2)) * Double(shape[3]) + column.unsqueezed(1)
      let values = pixels.rows(at: place.flattened()).reshaped(place.shape + [shape[1]])
      return values * (rowWeight.unsqueezed(2) * weight.unsqueezed(1)).unsqueezed(3)
    }
    let upper =
      samples(rows.low, rows.lowWeight, columns.low, columns.lowWeight)
      + samples(rows.low, rows.lowWeight, columns.high, columns.highWeight)
    let lower =
      samples(rows.high, rows.highWeight, columns.low, columns.lowWeight)
      + samples(rows.high, rows.highWeight, columns.high, columns.highWeight)
    let perBin = [
      regions, bins, rows.low.size(1) / bins, bins, columns.low.size(1) / bins, shape[1],
    ]
    return (upper + lower).reshaped(perBin).sum([2, 4]).permuted([0, 3, 1, 2])
  }
}
