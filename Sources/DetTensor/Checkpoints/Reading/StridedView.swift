/// A tensor as a window into a storage: where its elements lie, checked to lie inside.
struct StridedView: Equatable {
  let dtype: DType
  /// Elements before the first.
  let offset: Int
  let shape: [Int]
  /// Elements from one index to the next, per dimension.
  let strides: [Int]
  /// Elements.
  let count: Int
  /// Elements of the storage up to the last that the view shows.
  let reach: Int

  /// libtorch's own limit.
  static let mostDimensions = 64

  /// A window into a storage of `available` elements; throws a sentence about what does not fit.
  init(
    dtype: DType, available: Int, offset: Int, shape: [Int], strides: [Int]
  ) throws(Misfit) {
    guard shape.count == strides.count, shape.count <= Self.mostDimensions else {
      throw Misfit("has \(shape.count) sizes and \(strides.count) strides")
    }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw Misfit("has a negative offset, size or stride")
    }
    var count = shape.contains(0) ? 0 : 1
    var last = offset
    for (size, stride) in zip(shape, strides) where count > 0 {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      let (reach, reachOverflows) = max(0, size - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflows) = last.addingReportingOverflow(reach)
      guard !overflows, !reachOverflows, !sumOverflows else {
        throw Misfit("has a shape too large to exist: \(shape)")
      }
      count = product
      last = sum
    }
    guard count == 0 || last < available else {
      throw Misfit("of the shape \(shape) reaches element \(last) of a storage of \(available)")
    }
    // Else a file of a few bytes could ask for all memory there is.
    guard count <= available else {
      throw Misfit(
        "of the shape \(shape) repeats a storage of \(available) elements; save it as contiguous")
    }
    self.dtype = dtype
    self.offset = count == 0 ? 0 : offset
    self.shape = shape
    self.strides = strides
    self.count = count
    reach = count == 0 ? 0 : last + 1
  }

  /// A window that shows `shape` in the order `isReversed` tells: row by row, or as Fortran does, column by column.
  init(
    dtype: DType, available: Int, shape: [Int], isReversed: Bool = false
  ) throws(Misfit) {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for dimension in isReversed ? Array(shape.indices) : shape.indices.reversed() {
      strides[dimension] = step
      let (product, overflows) = step.multipliedReportingOverflow(by: max(1, shape[dimension]))
      guard !overflows || shape.contains(0) else {
        throw Misfit("has a shape too large to exist: \(shape)")
      }
      step = overflows ? 1 : product
    }
    try self.init(dtype: dtype, available: available, offset: 0, shape: shape, strides: strides)
  }

  /// What is wrong with a view, as the end of a sentence that starts with it.
  struct Misfit: Error {
    let problem: String

    init(_ problem: String) { self.problem = problem }
  }

  /// Bytes of the elements.
  var byteCount: Int { count * dtype.size }

  /// Whether the elements lie in row-major order without gaps.
  var isContiguous: Bool {
    if count == 0 { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// Copies the elements out of the storage's bytes in row-major order.
  func gather(from storage: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
    guard count > 0 else { return }
    let size = dtype.size
    // The longest end of the dimensions that lies in one piece is copied at once.
    var run = 1
    var outer = shape.count
    while outer > 0, shape[outer - 1] == 1 || strides[outer - 1] == run {
      run *= shape[outer - 1]
      outer -= 1
    }
    var index = [Int](repeating: 0, count: outer)
    var place = offset
    var written = 0
    while written < count {
      let piece = UnsafeRawBufferPointer(rebasing: storage[place * size..<(place + run) * size])
      UnsafeMutableRawBufferPointer(rebasing: target[(written * size)...]).copyMemory(from: piece)
      written += run
      for dimension in (0..<outer).reversed() {
        index[dimension] += 1
        place += strides[dimension]
        if index[dimension] < shape[dimension] { break }
        place -= index[dimension] * strides[dimension]
        index[dimension] = 0
      }
    }
  }
}
