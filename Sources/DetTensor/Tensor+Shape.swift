internal import CTorch

extension Tensor {
  /// The same elements in another shape; -1 stands for the size that follows from the others.
  public func reshaped(_ shape: [Int]) -> Tensor { map { ct_reshape($0, shape, shape.count, $1) } }

  /// The dimensions in another order.
  public func permuted(_ dims: [Int]) -> Tensor { map { ct_permute($0, dims, dims.count, $1) } }

  /// Two dimensions exchanged.
  public func transposed(_ first: Int = -1, _ second: Int = -2) -> Tensor {
    map { ct_transpose($0, first, second, $1) }
  }

  /// The dimensions `from` … `through` as one.
  public func flattened(from: Int = 0, through: Int = -1) -> Tensor {
    map { ct_flatten($0, from, through, $1) }
  }

  /// Without a dimension of size one.
  public func squeezed(_ dim: Int) -> Tensor { map { ct_squeeze($0, dim, $1) } }

  /// With a new dimension of size one.
  public func unsqueezed(_ dim: Int) -> Tensor { map { ct_unsqueeze($0, dim, $1) } }

  /// Dimensions of size one repeated without a copy; -1 keeps a size.
  public func expanded(_ shape: [Int]) -> Tensor { map { ct_expand($0, shape, shape.count, $1) } }

  /// Copies side by side, the given number along each dimension.
  public func repeated(_ times: [Int]) -> Tensor { map { ct_repeat($0, times, times.count, $1) } }

  /// With a border around the last two dimensions.
  public func padded(
    left: Int = 0, right: Int = 0, top: Int = 0, bottom: Int = 0, value: Double = 0
  ) -> Tensor {
    let amounts = [left, right, top, bottom]
    return map { ct_pad($0, amounts, 4, value, $1) }
  }

  /// Parts of the given sizes along a dimension, without a copy.
  public func split(sizes: [Int], dim: Int = 0) -> [Tensor] {
    precondition(
      sizes.reduce(0, +) == size(dim),
      "the parts \(sizes) do not add up to the size \(size(dim)) of dimension \(dim)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return narrowed(dim: dim, from: start, count: size)
    }
  }

  /// Tensors one after another along a dimension that is there.
  public static func concatenated(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
    withPointers(tensors) { pointers, count in make { ct_concatenate(pointers, count, dim, $0) } }
  }

  /// Tensors of one shape side by side along a new dimension.
  public static func stacked(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
    withPointers(tensors) { pointers, count in make { ct_stack(pointers, count, dim, $0) } }
  }
}
