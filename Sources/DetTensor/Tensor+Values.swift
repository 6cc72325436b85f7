internal import CTorch

extension Tensor {
  /// The elements in row-major order, as float32.
  public func floats() -> [Float] { elements(.float32, zero: 0) }

  /// The elements in row-major order, as float64.
  public func doubles() -> [Double] { elements(.float64, zero: 0) }

  /// The elements in row-major order, as integers; fractions are cut off.
  public func integers() -> [Int] { elements(.int64, zero: 0) }

  /// The elements in row-major order, as booleans; anything but zero is true.
  public func booleans() -> [Bool] { elements(.bool, zero: false) }

  /// The elements in row-major order, as bytes.
  public func bytes() -> [UInt8] { elements(.uint8, zero: 0) }

  /// The only element.
  public func item() -> Double {
    var result = 0.0
    update { ct_item($0, &result) }
    return result
  }

  /// Lends the raw elements of a contiguous tensor on the CPU for writing.
  package func withMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    precondition(isContiguous, "withMutableBytes needs a contiguous tensor")
    var address: UnsafeMutableRawPointer?
    update { ct_data($0, &address) }
    return try withExtendedLifetime(handle) {
      try body(UnsafeMutableRawBufferPointer(start: address, count: count * dtype.size))
    }
  }

  private func elements<Element>(_ dtype: DType, zero: Element) -> [Element] {
    let count = count
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      update { ct_to_bytes($0, dtype.rawValue, buffer.baseAddress) }
      initialized = count
    }
  }
}
