import DetTensor

/// What goes into a graph: images, and how much of each is image.
struct GraphImages {
  /// As the backbone sees them.
  let normalised: GraphValue
  let extents: GraphExtents

  init(_ builder: GraphBuilder, _ options: ExportOptions, _ range: PixelRange) {
    let shape = [options.batch, 3, options.height, options.width]
    let dtype: DType = options.precision == .float16 ? .float16 : .float32
    switch options.pixels {
    case .float32:
      normalised = builder.input("images", shape: shape, dtype: .float32).to(dtype)
      extents = GraphExtents(builder.input("sizes", shape: [options.batch, 2], dtype: .int64))
    case .uint8:
      let bytes = builder.input("images", shape: shape, dtype: .uint8)
      let sizes = builder.input("sizes", shape: [options.batch, 2], dtype: .int64)
      extents = GraphExtents(sizes)
      func channels(_ values: [Float]) -> GraphValue {
        builder.numbers(values.map(Double.init), shape: [1, 3, 1, 1])
      }
      func isInside(_ part: Int, _ count: Int, _ shape: [Int]) -> GraphValue {
        builder.places(count, shape: shape)
          .less(than: sizes.sliced(1, from: part, to: part + 1).reshaped([options.batch, 1, 1, 1]))
      }
      let inside = isInside(0, options.height, [1, 1, options.height, 1])
        .and(isInside(1, options.width, [1, 1, 1, options.width]))
      normalised = (bytes.to(.float32) * channels(range.scale) + channels(range.bias))
        .kept(where: inside, else: 0).to(dtype)
    }
  }
}

/// How bytes become what a detector sees: byte · scale + bias, for red, green and blue.
package struct PixelRange: Hashable, Sendable {
  /// Factors on bytes.
  package let scale: [Float]
  /// What is added after them.
  package let bias: [Float]

  /// Three factors and three summands.
  package init(scale: [Float], bias: [Float]) {
    precondition(
      scale.count == 3 && bias.count == 3, "red, green and blue have a scale and a bias each")
    self.scale = scale
    self.bias = bias
  }
}
