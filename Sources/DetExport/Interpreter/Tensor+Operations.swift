import DetTensor

// What operations of a graph do that tensors have under no name of their own.
extension Tensor {
  /// [N, C, L]: each row with mean 0 and variance 1, then by channel scaled and moved.
  func rowsNormalized(_ scale: Tensor, _ bias: Tensor, _ epsilon: Double) -> Tensor {
    let mean = mean(2, keepDims: true)
    let centred = self - mean
    let variance = (centred * centred).mean(2, keepDims: true)
    return centred / (variance + epsilon).sqrt() * scale.reshaped([1, -1, 1])
      + bias.reshaped([1, -1, 1])
  }

  /// [N, C, H, W] at places [N, h, w, 2], x and y from -1 to 1 over the outer edges: bilinear, zero outside.
  func sampled(at places: Tensor) -> Tensor {
    let (sizes, target) = (shape, places.shape)
    let (height, width) = (Double(sizes[2]), Double(sizes[3]))
    let count = target[1] * target[2]
    func pixels(_ axis: Int, _ size: Double) -> Tensor {
      ((places.column(axis) + 1) * size - 1) * 0.5
    }
    let (x, y) = (pixels(0, width), pixels(1, height))
    let (left, top) = (x.floor(), y.floor())
    let (right, down) = (x - left, y - top)
    let flat = reshaped([sizes[0], sizes[1], sizes[2] * sizes[3]])
    var sum = Tensor.zeros([sizes[0], sizes[1], count])
    for (row, column) in [(0.0, 0.0), (0, 1), (1, 0), (1, 1)] {
      let (atY, atX) = (top + row, left + column)
      let isInside = atY.atLeast(0).and(atY.less(than: height)).and(atX.atLeast(0))
        .and(atX.less(than: width))
      let share = (row == 1 ? down : 1 - down) * (column == 1 ? right : 1 - right)
      let weight = share.filled(where: isInside.not(), with: 0).reshaped([sizes[0], 1, count])
      let place =
        atY.clamped(min: 0, max: height - 1) * width + atX.clamped(min: 0, max: width - 1)
      let index = place.filled(where: isInside.not(), with: 0).to(.int64)
        .reshaped([sizes[0], 1, count]).expanded([sizes[0], sizes[1], count])
      sum = sum + flat.gather(dim: 2, index) * weight
    }
    return sum.reshaped([sizes[0], sizes[1], target[1], target[2]])
  }

  /// RoIAlign of maps [N, C, H, W] under boxes [R, 4] of images [R] in any order.
  func pooled(
    boxes: Tensor, images: Tensor, stride: Double, _ pooling: RegionPooling
  ) -> Tensor {
    let (sorted, order) = images.sorted(0)
    let numbers = sorted.integers()
    let counts = (0..<shape[0]).map { image in numbers.count { $0 == image } }
    let pooled = Tensor.regionsPooled(
      [self], strides: [stride], regions: boxes.rows(at: order), counts: counts, pooling)
    return pooled.rows(at: order.sorted(0).indices)
  }

  /// Places [n, dimensions] in a shape as places in its elements one after another.
  func flatIndices(in shape: [Int]) -> Tensor {
    var sum = Tensor.zeros([size(0)], dtype: .int64)
    for (dimension, size) in shape.enumerated() {
      sum = sum * Double(size) + column(dimension)
    }
    return sum
  }

  /// Rows (image, class, box) of these boxes [N, n, 4] that suppression keeps by scores [N, C, n].
  func kept(scores: Tensor, most: Int, overlap: Double, floor: Double) -> Tensor {
    var rows: [Tensor] = []
    for image in 0..<scores.size(0) {
      for label in 0..<scores.size(1) {
        let own = scores[image][label]
        let candidates = own.greater(than: floor).trueIndices()
        let kept = Tensor.suppressed(
          boxes: self[image].rows(at: candidates), scores: own.rows(at: candidates),
          threshold: overlap, limit: most)
        let boxes = candidates.rows(at: kept)
        func all(_ number: Int) -> Tensor {
          Tensor.full([boxes.size(0)], Double(number), dtype: .int64)
        }
        rows.append(Tensor.stacked([all(image), all(label), boxes], dim: 1))
      }
    }
    return Tensor.concatenated(rows)
  }
}
