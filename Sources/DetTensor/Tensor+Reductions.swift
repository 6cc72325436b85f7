internal import CTorch

extension Tensor {
  /// The sum over dimensions; over all of them when none are named.
  public func sum(_ dims: [Int] = [], keepDims: Bool = false) -> Tensor {
    map { ct_sum($0, dims, dims.count, keepDims, $1) }
  }

  /// The sum over one dimension.
  public func sum(_ dim: Int, keepDims: Bool = false) -> Tensor { sum([dim], keepDims: keepDims) }

  /// The mean over dimensions; over all of them when none are named.
  public func mean(_ dims: [Int] = [], keepDims: Bool = false) -> Tensor {
    map { ct_mean($0, dims, dims.count, keepDims, $1) }
  }

  /// The mean over one dimension.
  public func mean(_ dim: Int, keepDims: Bool = false) -> Tensor { mean([dim], keepDims: keepDims) }

  /// The largest element.
  public func max() -> Tensor { amax() }

  /// The smallest element.
  public func min() -> Tensor { amin() }

  /// The largest elements along a dimension, and where they stand.
  public func max(_ dim: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    mapPair { ct_max($0, dim, keepDims, $1, $2) }
  }

  /// The smallest elements along a dimension, and where they stand.
  public func min(_ dim: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    mapPair { ct_min($0, dim, keepDims, $1, $2) }
  }

  /// The largest elements over dimensions; over all of them when none are named.
  public func amax(_ dims: [Int] = [], keepDims: Bool = false) -> Tensor {
    map { ct_amax($0, dims, dims.count, keepDims, $1) }
  }

  /// The smallest elements over dimensions; over all of them when none are named.
  public func amin(_ dims: [Int] = [], keepDims: Bool = false) -> Tensor {
    map { ct_amin($0, dims, dims.count, keepDims, $1) }
  }

  /// The elements in order along a dimension, and where they stood; equal elements keep their order.
  public func sorted(_ dim: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor)
  {
    mapPair { ct_sort($0, dim, descending, $1, $2) }
  }

  /// The indices of the elements that are not zero, [count, dimensions], in row-major order.
  public func nonzero() -> Tensor { map { ct_nonzero($0, $1) } }

  /// The indices of the true elements of a mask of one dimension, [count].
  public func trueIndices() -> Tensor { nonzero().squeezed(1) }
}
