extension Composition {
  /// Deformable convolution: samples between pixels by four gathers, then a matrix product.
  ///
  /// Places are computed in float32 where the input is of a half kind, which has too few digits for the fractions of places
  /// above 128, and for whole numbers above 256.
  static func deformConvolved(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, offsets: Tensor, stride: Int, padding: Int,
    dilation: Int
  ) -> Tensor {
    let (input, filter, moves) = (x.shape, weight.shape, offsets.shape)
    let taps = filter[2] * filter[3]
    let cells = moves[2] * moves[3]
    let parts = moves[1] / (2 * taps)  // deformable groups
    let kind = x.dtype == .float64 ? DType.float64 : .float32
    let own = offsets.to(kind).reshaped([input[0], parts, taps, 2, cells])
    func places(_ size: Int, _ kernel: Int, _ count: Int) -> (tap: Tensor, cell: Tensor) {
      let tap = self.places(kernel, beside: x, dtype: kind) * Double(dilation)
      let cell = self.places(count, beside: x, dtype: kind) * Double(stride) - Double(padding)
      return (tap, cell)
    }
    let rows = places(input[2], filter[2], moves[2])
    let columns = places(input[3], filter[3], moves[3])
    let shape = [filter[2], filter[3], moves[2], moves[3]]
    let top =
      rows.tap.reshaped([-1, 1, 1, 1]).expanded(shape) + rows.cell.reshaped([1, 1, -1, 1])
    let left =
      columns.tap.reshaped([1, -1, 1, 1]).expanded(shape) + columns.cell.reshaped([1, 1, 1, -1])
    let samples = sampled(
      x, groups: parts, y: own.selected(dim: 3, 0) + top.reshaped([taps, cells]),
      x: own.selected(dim: 3, 1) + left.reshaped([taps, cells]))  // [N, C, taps · cells]
    let groups = input[1] / filter[1]
    let lowered = samples.reshaped([input[0], groups, filter[1] * taps, cells])
    let filters = weight.reshaped([groups, filter[0] / groups, filter[1] * taps])
    let out = filters.matrixProduct(lowered).reshaped([input[0], filter[0], moves[2], moves[3]])
    return bias.map { out + $0.reshaped([1, -1, 1, 1]) } ?? out
  }

  /// Values of maps [N, C, H, W] at places [N, groups, taps, cells]; zero outside. [N, C, taps · cells], of the maps' kind.
  private static func sampled(_ map: Tensor, groups: Int, y: Tensor, x: Tensor) -> Tensor {
    let shape = map.shape
    let (height, width) = (Double(shape[2]), Double(shape[3]))
    let channels = shape[1] / groups
    let pixels = map.reshaped([shape[0], groups, channels, shape[2] * shape[3]])
    let count = y.size(2) * y.size(3)
    let isNear = y.atLeast(-1).and(y.less(than: height)).and(x.atLeast(-1)).and(
      x.less(than: width))
    // Of a place far away or not a number, nothing is computed.
    let (ownY, ownX) = (
      y.filled(where: isNear.not(), with: -1), x.filled(where: isNear.not(), with: -1)
    )
    let (top, left) = (ownY.detached().floor(), ownX.detached().floor())
    let (down, right) = (ownY - top, ownX - left)
    var sum: Tensor?
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let (atY, atX) = (top + Double(row), left + Double(column))
      let isInside = atY.atLeast(0).and(atY.less(than: height)).and(atX.atLeast(0)).and(
        atX.less(than: width)
      ).and(isNear)
      let share = (row == 1 ? down : 1 - down) * (column == 1 ? right : 1 - right)
      let weight = share.filled(where: isInside.not(), with: 0)
      let place = atY.clamped(min: 0, max: height - 1) * width + atX.clamped(min: 0, max: width - 1)
      // Exact: a map has fewer cells than float32 has whole numbers.
      let index = place.to(.int64).reshaped([shape[0], groups, 1, count])
      let values = pixels.gather(dim: 3, index.expanded([shape[0], groups, channels, count]))
      let term = values * weight.to(map.dtype).reshaped([shape[0], groups, 1, count])
      sum = sum.map { $0 + term } ?? term
    }
    return (sum ?? pixels).reshaped([shape[0], shape[1], count])
  }
}
