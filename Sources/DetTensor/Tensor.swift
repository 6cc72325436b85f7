internal import CTorch

/// An array of numbers of any number of dimensions, on libtorch.
///
/// A tensor is a reference: copies of the struct share memory, and operations whose name ends in `_` change
/// it for all of them. It is freed when the last copy goes. Tensors are made and used on one thread.
/// Operations that cannot work (shapes that do not fit, indices out of range) end the process with
/// libtorch's message, as an array's subscript does.
///
/// ```swift
/// let x = Tensor([1, 2, 3, 4], shape: [2, 2])
/// x.sum([1]).floats()  // [3, 7]
/// ```
public struct Tensor {
  let handle: TensorHandle

  init(_ handle: TensorHandle) { self.handle = handle }

  /// The size of each dimension; empty for a single number.
  public var shape: [Int] {
    withExtendedLifetime(handle) {
      let dimensions = ct_dimensions(pointer)
      return [Int](unsafeUninitializedCapacity: dimensions) { buffer, count in
        ct_shape(pointer, buffer.baseAddress)
        count = dimensions
      }
    }
  }

  /// How far apart in memory neighbours along each dimension lie, in elements.
  public var strides: [Int] {
    withExtendedLifetime(handle) {
      let dimensions = ct_dimensions(pointer)
      return [Int](unsafeUninitializedCapacity: dimensions) { buffer, count in
        ct_strides(pointer, buffer.baseAddress)
        count = dimensions
      }
    }
  }

  /// The number of dimensions.
  public var dimensions: Int { withExtendedLifetime(handle) { ct_dimensions(pointer) } }

  /// The number of elements.
  public var count: Int { withExtendedLifetime(handle) { ct_count(pointer) } }

  /// The size of one dimension; negative counts from the last.
  public func size(_ dimension: Int) -> Int {
    let shape = shape
    let index = dimension < 0 ? dimension + shape.count : dimension
    precondition(shape.indices.contains(index), "no dimension \(dimension) in the shape \(shape)")
    return shape[index]
  }

  /// The kind of the elements.
  public var dtype: DType {
    let number = withExtendedLifetime(handle) { ct_dtype(pointer) }
    guard let dtype = DType(rawValue: number) else {
      fatalError("the tensor's elements are of a kind that this library does not use")
    }
    return dtype
  }

  /// Where the tensor lies.
  public var device: Device {
    var kind = 0
    var index = 0
    withExtendedLifetime(handle) { ct_device(pointer, &kind, &index) }
    return Device(kind: kind, index: index)
  }

  /// Whether the elements lie in row-major order without gaps.
  public var isContiguous: Bool {
    withExtendedLifetime(handle) { ct_is_contiguous(pointer, false) }
  }

  /// Whether the elements of an [N, C, H, W] tensor lie in the order N, H, W, C without gaps.
  public var isChannelsLast: Bool {
    withExtendedLifetime(handle) { dimensions == 4 && ct_is_contiguous(pointer, true) }
  }
}

// Memory is shared without locks: a tensor belongs to the thread that works with it.
@available(*, unavailable)
extension Tensor: Sendable {}

extension Tensor: CustomStringConvertible {
  /// Kind, shape and the first values.
  public var description: String {
    let values = reshaped([-1]).narrowed(dim: 0, from: 0, count: Swift.min(count, 8)).doubles()
    let tail = count > 8 ? ", …" : ""
    return "\(dtype)\(shape) [\(values.map { "\($0)" }.joined(separator: ", "))\(tail)]"
  }
}
