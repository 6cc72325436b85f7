import DetTensor

extension Operation {
  /// The results for inputs.
  func run(_ x: [Tensor]) -> [Tensor] {
    switch self {
    case .convolution(let stride, let padding, let dilation, let groups):
      let own = x.map { $0.to(.float32) }
      return [
        own[0].convolved(
          own[1], bias: own[2], stride: stride, padding: padding, dilation: dilation,
          groups: groups
        ).to(x[0].dtype)
      ]
    case .linear:
      let own = x.map { $0.to(.float32) }
      return [own[0].linear(own[1], own[2]).to(x[0].dtype)]
    case .matrixProduct: return [x[0].matrixProduct(x[1])]
    case .instanceNormalization(let epsilon): return [x[0].rowsNormalized(x[1], x[2], epsilon)]
    case .maxPool(let kernel, let stride, let padding):
      return [
        x[0].to(.float32).maxPooled(kernel, stride: stride, padding: padding).to(x[0].dtype)
      ]
    case .nearestResize(let sizes):
      return [x[0].interpolated(toHeight: sizes[2], width: sizes[3], mode: .nearest)]
    case .gridSample: return [x[0].sampled(at: x[1])]
    case .regionAlign(let bins, let samplingRatio, let isAligned, let stride):
      let pooling = RegionPooling(bins: bins, samplingRatio: samplingRatio, isAligned: isAligned)
      return [x[0].pooled(boxes: x[1], images: x[2], stride: stride, pooling)]
    case .softmax(let axis): return [x[0].softmax(axis)]
    case .unary(let operation): return [operation.run(x[0])]
    case .binary(let operation): return [operation.run(x[0], x[1])]
    case .select: return [Tensor.where(x[0], x[1], x[2])]
    case .clip(let low, let high): return [x[0].clamped(min: low, max: high)]
    case .cast(let dtype): return [x[0].to(dtype)]
    case .quotient(let divisor): return [x[0].floorDivided(by: Double(divisor))]
    case .remainder(let divisor): return [x[0].remainder(by: Double(divisor))]
    case .reshape, .transpose, .concatenate, .slice, .expand, .mean, .sum, .largest:
      return [reshaped(x)]
    case .gatherRows, .gatherElements, .scatterElements, .trueIndices, .topK,
      .nonMaximumSuppression:
      return found(x)
    }
  }

  /// The result of operations on shapes.
  private func reshaped(_ x: [Tensor]) -> Tensor {
    switch self {
    case .reshape(let sizes): x[0].reshaped(sizes)
    case .transpose(let dims): x[0].permuted(dims)
    case .concatenate(let axis): Tensor.concatenated(x, dim: axis)
    case .slice(let axis, let from, let to):
      x[0].narrowed(dim: axis, from: from, count: to - from)
    case .expand(let sizes): x[0].expanded(sizes)
    case .mean(let axes, let keeps):
      x[0].to(.float32).mean(axes, keepDims: keeps).to(x[0].dtype)
    case .sum(let axes): x[0].sum(axes)
    case .largest(let axis): x[0].amax([axis], keepDims: true)
    case .convolution, .linear, .matrixProduct, .instanceNormalization, .maxPool, .nearestResize,
      .gridSample, .regionAlign, .softmax, .unary, .binary, .select, .clip, .cast, .quotient,
      .remainder, .gatherRows, .gatherElements, .scatterElements, .trueIndices, .topK,
      .nonMaximumSuppression:
      preconditionFailure("\(self) changes more than a shape")
    }
  }

  /// The results of operations on places.
  private func found(_ x: [Tensor]) -> [Tensor] {
    switch self {
    case .gatherRows:
      let rows = x[0].rows(at: x[1].flattened())
      return [rows.reshaped(x[1].shape + x[0].shape.dropFirst())]
    case .gatherElements:
      return [x[0].flattened().rows(at: x[1].flatIndices(in: x[0].shape))]
    case .scatterElements:
      let result = x[0].contiguous().cloned().flattened()
      result.copy_(at: x[1].flatIndices(in: x[0].shape), x[2])
      return [result.reshaped(x[0].shape)]
    case .trueIndices: return [x[0].trueIndices().unsqueezed(0)]
    case .topK(let count):
      let (values, places) = x[0].sorted(descending: true)
      return [values, places].map { $0.narrowed(dim: -1, from: 0, count: count) }
    case .nonMaximumSuppression(let most, let overlap, let floor):
      return [x[0].kept(scores: x[1], most: most, overlap: overlap, floor: floor)]
    case .convolution, .linear, .matrixProduct, .instanceNormalization, .maxPool, .nearestResize,
      .gridSample, .regionAlign, .softmax, .unary, .binary, .select, .clip, .cast, .quotient,
      .remainder, .reshape, .transpose, .concatenate, .slice, .expand, .mean, .sum, .largest:
      preconditionFailure("\(self) finds no places")
    }
  }
}

extension Operation.Unary {
  fileprivate func run(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .sigmoid: x.sigmoid()
    case .exp: x.exp()
    case .not: x.not()
    }
  }
}

extension Operation.Binary {
  fileprivate func run(_ a: Tensor, _ b: Tensor) -> Tensor {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum: a.minimum(b)
    case .maximum: a.maximum(b)
    case .less: a.less(than: b)
    case .greater: a.greater(than: b)
    case .atLeast: a.atLeast(b)
    case .equal: a.equal(to: b)
    case .and: a.and(b)
    case .or: a.or(b)
    }
  }
}
