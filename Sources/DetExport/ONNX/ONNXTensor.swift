import DetBasics
import DetTensor
import Foundation

/// Numbers in ONNX's format.
enum ONNXTensor {
  /// A tensor's message.
  static func message(_ tensor: Tensor, name: String) -> ProtobufMessage {
    let plain = tensor.contiguous()
    let bytes = plain.withMutableBytes { Data($0) }
    return message(bytes, shape: plain.shape, plain.dtype, name: name)
  }

  /// The message of an operator's numbers.
  static func message(_ numbers: ONNXNode.Numbers, name: String) -> ProtobufMessage {
    switch numbers {
    case .integers(let values, let shape):
      message(Tensor(values, shape: shape), name: name)
    case .floats(let values, let shape, let dtype):
      message(Tensor(doubles: values, shape: shape).to(dtype), name: name)
    case .none: preconditionFailure("an input that is left out has no numbers")
    }
  }

  private static func message(
    _ bytes: Data, shape: [Int], _ dtype: DType, name: String
  ) -> ProtobufMessage {
    var message = ProtobufMessage()
    for size in shape { message.add(1, size) }
    message.add(2, dtype.onnx)
    message.add(8, name)
    message.add(9, bytes)
    return message
  }
}
