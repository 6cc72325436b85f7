internal import CTorch
public import DetBasics

extension Tensor {
  /// A float32 tensor of the values in row-major order; without a shape, of one dimension.
  public init(_ values: [Float], shape: [Int]? = nil) {
    self = values.withUnsafeBytes {
      Tensor.copying(bytes: $0, shape: shape ?? [values.count], dtype: .float32)
    }
  }

  /// A float64 tensor of the values in row-major order.
  public init(doubles values: [Double], shape: [Int]? = nil) {
    self = values.withUnsafeBytes {
      Tensor.copying(bytes: $0, shape: shape ?? [values.count], dtype: .float64)
    }
  }

  /// An int64 tensor of the values in row-major order. A list of literals makes float32 unless `as [Int]` is said.
  @_disfavoredOverload
  public init(_ values: [Int], shape: [Int]? = nil) {
    self = values.withUnsafeBytes {
      Tensor.copying(bytes: $0, shape: shape ?? [values.count], dtype: .int64)
    }
  }

  /// A tensor of booleans in row-major order.
  public init(_ values: [Bool], shape: [Int]? = nil) {
    self = values.withUnsafeBytes {
      Tensor.copying(bytes: $0, shape: shape ?? [values.count], dtype: .bool)
    }
  }

  /// A tensor of bytes in row-major order.
  @_disfavoredOverload
  public init(_ values: [UInt8], shape: [Int]? = nil) {
    self = values.withUnsafeBytes {
      Tensor.copying(bytes: $0, shape: shape ?? [values.count], dtype: .uint8)
    }
  }

  /// A tensor without dimensions.
  public init(_ value: Double, dtype: DType = .float32) {
    self = Tensor.full([], value, dtype: dtype)
  }

  /// A tensor on the CPU whose elements are copied from memory, in row-major order.
  public static func copying(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) -> Tensor {
    let size = shape.reduce(dtype.size, *)
    precondition(
      bytes.count == size && shape.allSatisfy { $0 >= 0 },
      "\(bytes.count) bytes do not make a \(dtype) tensor of the shape \(shape), which takes \(size)"
    )
    return make { ct_from_bytes(bytes.baseAddress, shape, shape.count, dtype.rawValue, $0) }
  }

  /// A tensor of one value throughout.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
  ) -> Tensor {
    make { ct_full(shape, shape.count, value, dtype.rawValue, device.kind, device.index, $0) }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor
  {
    full(shape, 0, dtype: dtype, device: device)
  }

  /// A tensor of ones.
  public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor
  {
    full(shape, 1, dtype: dtype, device: device)
  }

  /// Zeros of the shape, kind, layout and device of another tensor.
  public static func zeros(like other: Tensor) -> Tensor {
    other.map { ct_full_like($0, 0, $1) }
  }

  /// Ones of the shape, kind, layout and device of another tensor.
  public static func ones(like other: Tensor) -> Tensor {
    other.map { ct_full_like($0, 1, $1) }
  }

  /// The numbers start, start + step … below end.
  public static func arange(
    from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .float32
  ) -> Tensor {
    make { ct_arange(start, end, step, dtype.rawValue, $0) }
  }

  /// The whole numbers 0 ..< count.
  public static func arange(_ count: Int) -> Tensor {
    make { ct_arange(0, Double(count), 1, DType.int64.rawValue, $0) }
  }

  /// Independent uniform draws of low ..< high; one draw of the generator seeds libtorch's engine.
  public static func uniform(
    _ shape: [Int], low: Double = 0, high: Double = 1, using generator: inout Generator
  ) -> Tensor {
    let seed = Int(bitPattern: UInt(generator.next()))
    return make { ct_uniform(shape, shape.count, low, high, seed, $0) }
  }

  /// Independent normal draws; one draw of the generator seeds libtorch's engine.
  public static func normal(
    _ shape: [Int], mean: Double = 0, deviation: Double = 1, using generator: inout Generator
  ) -> Tensor {
    let seed = Int(bitPattern: UInt(generator.next()))
    return make { ct_normal(shape, shape.count, mean, deviation, seed, $0) }
  }
}
