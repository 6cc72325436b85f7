internal import DetBasics
internal import Foundation

extension SafetensorsHeader {
  /// The length and the JSON text for tensors that lie one after another, padded so that values are aligned.
  static func encode(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String]
  ) throws -> Data {
    var names: Set<String> = ["__metadata__"]
    var members: [String] = []
    if !metadata.isEmpty { members.append("\"__metadata__\":\(try JSON.text(metadata))") }
    var start = 0
    for (name, tensor) in tensors {
      guard names.insert(name).inserted else {
        throw TensorError.file(path: name, problem: "two tensors of one name cannot be saved")
      }
      let end = start + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(try JSON.text(name)):{\"dtype\":\"\(tensor.dtype.safetensors)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var text = Data("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = UInt64(text.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }) + text
  }
}
