package import DetTensor

extension GraphValue {
  /// The same elements in another shape; -1 stands for the size that follows from the others.
  package func reshaped(_ sizes: [Int]) -> GraphValue {
    let rest = sizes.filter { $0 >= 0 }.reduce(1, *)
    let count = shape.contains(Graph.unknown) ? Graph.unknown : shape.reduce(1, *)
    let result = sizes.map { size in
      size >= 0 ? size : count == Graph.unknown || rest == 0 ? Graph.unknown : count / rest
    }
    precondition(
      count == Graph.unknown || result.reduce(1, *) == count, "\(shape) does not make \(sizes)")
    return apply(.reshape(sizes), shape: result)
  }

  /// The dimensions in another order.
  package func permuted(_ dims: [Int]) -> GraphValue {
    apply(.transpose(dims), shape: dims.map { shape[$0] })
  }

  /// The places `from` ..< `to` along a dimension.
  package func sliced(_ axis: Int, from start: Int, to end: Int) -> GraphValue {
    var sizes = shape
    sizes[axis] = end - start
    return apply(.slice(axis: axis, from: start, to: end), shape: sizes)
  }

  /// Repeated along dimensions of size one.
  package func expanded(_ sizes: [Int]) -> GraphValue { apply(.expand(sizes), shape: sizes) }

  /// Values one after another along a dimension.
  package static func concatenated(_ values: [GraphValue], _ axis: Int) -> GraphValue {
    guard values.count > 1 else { return values[0] }
    var sizes = values[0].shape
    let parts = values.map { $0.shape[axis] }
    sizes[axis] = parts.contains(Graph.unknown) ? Graph.unknown : parts.reduce(0, +)
    return values[0].apply(.concatenate(axis: axis), Array(values.dropFirst()), shape: sizes)
  }

  /// The sum over dimensions, which go.
  package func sum(_ axes: [Int]) -> GraphValue {
    apply(.sum(axes: axes), shape: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// The largest element along a dimension, which stays as one.
  package func largest(along axis: Int) -> GraphValue {
    var sizes = shape
    sizes[axis] = 1
    return apply(.largest(axis: axis), shape: sizes)
  }

  /// The product of each image's matrix [N, n, k] with another's [N, k, m].
  package func matrixProduct(_ other: GraphValue) -> GraphValue {
    apply(.matrixProduct, [other], shape: [shape[0], shape[1], other.shape[2]])
  }

  /// Exponentials that sum to one along a dimension.
  package func softmax(_ axis: Int) -> GraphValue { apply(.softmax(axis: axis), shape: shape) }
}

// Places.
extension GraphValue {
  /// The places along the first dimension.
  package func rows(at indices: GraphValue) -> GraphValue {
    apply(.gatherRows, [indices], shape: indices.shape + shape.dropFirst())
  }

  /// Of a table [N, M, …] for each of N images the rows at its indices [N, k]: [N, k, …].
  package func rowsOfImages(at indices: GraphValue) -> GraphValue {
    let (images, rows) = (shape[0], shape[1])
    let flat = reshaped([images * rows] + shape.dropFirst(2))
    guard images > 1 else { return flat.rows(at: indices) }
    let starts = builder.numbers(
      (0..<images).map { Double($0 * rows) }, shape: [images, 1], dtype: .int64)
    return flat.rows(at: indices + starts)
  }

  /// One element for each row of indices [n, dimensions].
  package func elements(at indices: GraphValue) -> GraphValue {
    apply(.gatherElements, [indices], shape: [indices.shape[0]])
  }

  /// With elements replaced at indices [n, dimensions].
  package func replacing(at indices: GraphValue, by values: GraphValue) -> GraphValue {
    apply(.scatterElements, [indices, values], shape: shape)
  }

  /// The numbers of a mask's true elements.
  package func trueIndices() -> GraphValue {
    apply(.trueIndices, shape: [1, Graph.unknown], dtype: .int64).reshaped([-1])
  }

  /// The largest elements of each row and their places.
  package func largest(_ count: Int) -> (values: GraphValue, places: GraphValue) {
    let shape = shape.dropLast() + [count]
    let both = builder.apply(
      .topK(count), [self],
      [
        ValueType(shape: Array(shape), dtype: dtype),
        ValueType(shape: Array(shape), dtype: .int64),
      ])
    return (both[0], both[1])
  }

  /// Which of these boxes [N, n, 4] greedy suppression keeps by scores [N, C, n]: rows (image, class, box).
  package func suppressed(
    scores: GraphValue, most: Int, overlap: Double, floor: Double
  ) -> GraphValue {
    apply(
      .nonMaximumSuppression(most: most, overlap: overlap, floor: floor), [scores],
      shape: [Graph.unknown, 3], dtype: .int64)
  }

  /// RoIAlign of maps [N, C, H, W] under boxes [R, 4] of images [R].
  package func pooled(
    boxes: GraphValue, images: GraphValue, stride: Double, _ pooling: RegionPooling
  ) -> GraphValue {
    apply(
      .regionAlign(
        bins: pooling.bins, samplingRatio: pooling.samplingRatio, isAligned: pooling.isAligned,
        stride: stride), [boxes, images],
      shape: [boxes.shape[0], shape[1], pooling.bins, pooling.bins])
  }
}
