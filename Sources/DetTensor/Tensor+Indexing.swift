internal import CTorch

extension Tensor {
  /// `count` places along a dimension, from one on; no copy.
  public func narrowed(dim: Int, from start: Int, count: Int) -> Tensor {
    map { ct_narrow($0, dim, start, count, $1) }
  }

  /// Every `step`-th place of a range along a dimension; no copy.
  public func sliced(dim: Int, from start: Int, to end: Int, by step: Int = 1) -> Tensor {
    map { ct_slice($0, dim, start, end, step, $1) }
  }

  /// One place along a dimension, which disappears; no copy.
  public func selected(dim: Int, _ index: Int) -> Tensor { map { ct_select($0, dim, index, $1) } }

  /// One place along the first dimension, which disappears; no copy.
  public subscript(index: Int) -> Tensor { selected(dim: 0, index) }

  /// One column of a table: a place along the last dimension; no copy.
  public func column(_ index: Int) -> Tensor { selected(dim: -1, index) }

  /// Places along the first dimension by int64 indices.
  public func rows(at indices: Tensor) -> Tensor { indexSelect(dim: 0, indices) }

  /// Places along the first dimension where a mask of one dimension is true.
  public func rows(where mask: Tensor) -> Tensor { map(mask) { ct_masked_rows($0, $1, $2) } }

  /// Places along a dimension by int64 indices of one dimension.
  public func indexSelect(dim: Int, _ indices: Tensor) -> Tensor {
    map(indices) { ct_index_select($0, dim, $1, $2) }
  }

  /// For every index its element along a dimension: out[i][j] = self[i][indices[i][j]] for dim 1.
  public func gather(dim: Int, _ indices: Tensor) -> Tensor {
    map(indices) { ct_gather($0, dim, $1, $2) }
  }

  /// The elements where a mask is true, as one dimension.
  public func masked(by mask: Tensor) -> Tensor { map(mask) { ct_masked_select($0, $1, $2) } }

  /// With a value where a mask is true.
  public func filled(where mask: Tensor, with value: Double) -> Tensor {
    map(mask) { ct_masked_fill($0, $1, value, $2) }
  }

  /// Class numbers as rows of zeros with a single one, int64.
  public func oneHot(_ classes: Int) -> Tensor { map { ct_one_hot($0, classes, $1) } }

  /// Writes a value where a mask is true.
  public func fill_(where mask: Tensor, with value: Double) {
    withExtendedLifetime(mask.handle) { update { ct_masked_fill_($0, mask.pointer, value) } }
  }

  /// Writes the places of another tensor at indices along a dimension.
  public func copy_(at indices: Tensor, _ source: Tensor, dim: Int = 0) {
    withExtendedLifetime((indices.handle, source.handle)) {
      update { ct_index_copy_($0, dim, indices.pointer, source.pointer) }
    }
  }
}
