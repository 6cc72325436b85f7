package import DetSpec
package import DetTensor

extension Recipe.Precision {
  /// The kind of number that convolutions and products are computed in.
  package var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }
}
