package import DetSpec
package import DetTensor

extension Recipe.Precision {
  /// The kind of number that convolutions and products are computed in on a device.
  ///
  /// bfloat16 is asked for because it is fast. A processor without instructions for it takes ten to forty times as long, and computes
  /// float32 instead, which is the more exact: `computesBFloat16` is what is known of the processor.
  package func dtype(
    on device: Device, computesBFloat16: Bool = Torch.computesBFloat16
  ) -> DType {
    switch self {
    case .float32: .float32
    case .bfloat16: device == .cpu && !computesBFloat16 ? .float32 : .bfloat16
    }
  }

  /// What a table or a card says it was computed in, on the processor of this machine or on another device.
  package func name(on device: Device, computesBFloat16: Bool = Torch.computesBFloat16) -> String {
    let isReplaced = dtype(on: device, computesBFloat16: computesBFloat16).description != rawValue
    return isReplaced
      ? "float32 (for \(rawValue), which this processor has no instructions for)" : rawValue
  }
}
