import DetTensor

/// The tiles of one image in a graph, each an image of its batch.
struct GraphTiles {
  /// [N, 4]: each tile's place in the image, x0 y0 x1 y1; without an area where there is no tile.
  let fields: GraphValue
  /// [1, 1, 1]: the image's width and height.
  let width: GraphValue
  let height: GraphValue
  /// [N, 1, 2]: the tiles' pixels for one of what the detector sees, across and down.
  let scale: GraphValue

  /// Takes the places `tiles` [N, 4] int64 and the image's `extent` [1, 2] int64, height and width, in.
  init(_ builder: GraphBuilder, count: Int, _ extents: GraphExtents) {
    fields = builder.input("tiles", shape: [count, 4], dtype: .int64).to(.float32)
    let extent = builder.input("extent", shape: [1, 2], dtype: .int64).to(.float32)
    height = extent.sliced(1, from: 0, to: 1).reshaped([1, 1, 1])
    width = extent.sliced(1, from: 1, to: 2).reshaped([1, 1, 1])
    let own = fields.sliced(1, from: 2, to: 4) - fields.sliced(1, from: 0, to: 2)
    scale = (own / extents.limits.sliced(1, from: 0, to: 2)).reshaped([count, 1, 2])
  }

  /// Detections' boxes [N, D, 4] in pixels of the image.
  func placed(_ boxes: GraphValue) -> GraphValue {
    let corner = fields.sliced(1, from: 0, to: 2).reshaped([fields.shape[0], 1, 2])
    return boxes * .concatenated([scale, scale], 2) + .concatenated([corner, corner], 2)
  }
}
