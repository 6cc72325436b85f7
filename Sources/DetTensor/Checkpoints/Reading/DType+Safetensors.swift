extension DType {
  /// The format's name of the kind.
  var safetensors: String {
    switch self {
    case .float32: "F32"
    case .bfloat16: "BF16"
    case .float16: "F16"
    case .float64: "F64"
    case .int64: "I64"
    case .int32: "I32"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safetensors code: String) {
    guard let dtype = Self.allCases.first(where: { $0.safetensors == code }) else { return nil }
    self = dtype
  }
}
