/// The kind of a tensor's elements.
public enum DType: Int, CaseIterable, Sendable, CustomStringConvertible {
  // The raw values are the numbers of CTorch.h.
  /// 32-bit floating point: parameters, activations, losses.
  case float32 = 0
  /// The upper half of a float32.
  case bfloat16 = 1
  /// IEEE half precision.
  case float16 = 2
  /// 64-bit floating point: gradient checks.
  case float64 = 3
  /// 64-bit integers: indices.
  case int64 = 4
  /// 32-bit integers.
  case int32 = 5
  /// Bytes: pixels.
  case uint8 = 6
  /// Booleans: masks.
  case bool = 7

  /// The name that libtorch gives the kind, as in `float32`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .bfloat16: "bfloat16"
    case .float16: "float16"
    case .float64: "float64"
    case .int64: "int64"
    case .int32: "int32"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16, .float16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether elements have fractions, and so can have gradients.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .bfloat16, .float16, .float64: true
    case .int64, .int32, .uint8, .bool: false
    }
  }
}
