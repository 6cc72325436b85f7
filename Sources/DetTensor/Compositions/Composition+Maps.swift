extension Composition {
  /// All anchors of grids, [count, 4].
  static func anchors(_ grids: AnchorGrids) -> Tensor {
    let shapes = grids.shapes.split(sizes: grids.shapeCounts)
    return Tensor.concatenated(
      grids.strides.indices.map { level in
        let (height, width) = (grids.heights[level], grids.widths[level])
        let stride = grids.strides[level]
        let x = places(width, beside: grids.shapes, dtype: .float32) * stride
        let y = places(height, beside: grids.shapes, dtype: .float32) * stride
        let columns = x.unsqueezed(0).expanded([height, width])
        let rows = y.unsqueezed(1).expanded([height, width])
        let corners = Tensor.stacked([columns, rows, columns, rows], dim: 2)
        let cells = corners.reshaped([height * width, 1, 4])
        return (cells + shapes[level].unsqueezed(0)).reshaped([-1, 4])
      })
  }

  /// The values of maps at chosen anchors, [indices, each].
  static func gathered(maps: [Tensor], each: Int, indices: Tensor) -> Tensor {
    Tensor.concatenated(maps.map { rows($0, each: each) }, dim: 1).reshaped([-1, each])
      .rows(at: indices)
  }

  /// The focal loss of logits per level, summed with a weight for each image.
  static func focalLoss(
    _ logits: [Tensor], labels: Tensor, classes: Int, imageWeights: [Double], alpha: Double,
    gamma: Double
  ) -> Tensor {
    let x = Tensor.concatenated(logits.map { rows($0, each: classes) }, dim: 1)
    let isObject = labels.atLeast(0).to(.float32).unsqueezed(2)
    let target = labels.clamped(min: 0).oneHot(classes).to(.float32) * isObject
    let right = x * (target * 2 - 1)  // positive where the answer is right
    let surprise = x.binaryCrossEntropyWithLogits(target, reduction: .none)
    let focus = (-right).sigmoid().pow(gamma)
    let share = target * (2 * alpha - 1) + (1 - alpha)
    let counts = labels.unequal(to: -2).to(.float32).unsqueezed(2)
    let weights = numbers(imageWeights, beside: x).reshaped([-1, 1, 1]) * counts
    return (surprise * focus * share * weights).sum()
  }
}
