extension WeightsFileKind {
  /// ONNX and TensorFlow write protocol buffers, which have no signature: the first fields tell.
  static func protobuf(_ head: [UInt8]) -> OtherFileKind? {
    let fields = ProtobufField.read(head)
    guard let first = fields.first else { return nil }
    if first.number == 1, case .number(let version) = first.value, (1...99).contains(version) {
      // ModelProto: version 1, producer 2, graph 7, operator sets 8.
      if fields.contains(where: { [7, 8].contains($0.number) && $0.bytes != nil }) { return .onnx }
      // SavedModel: version 1, graphs 2, each of which starts with a message.
      let graph = fields.dropFirst().first
      return version == 1 && graph?.number == 2 && graph?.bytes?.first == 0x0A
        ? .tensorflowModel : nil
    }
    // GraphDef: nodes 1, each with a name and the name of an operation.
    guard first.number == 1, let node = first.bytes else { return nil }
    let parts = ProtobufField.read(Array(node))
    let isNode = parts.count >= 2 && parts[0].number == 1 && parts[1].number == 2
    return isNode && parts.prefix(2).allSatisfy(\.isText) ? .tensorflowModel : nil
  }
}

/// A field of a protocol buffer, as far as it lies in the bytes at hand.
private struct ProtobufField {
  enum Value {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    /// Of fixed length.
    case other
  }

  let number: UInt64
  let value: Value

  var bytes: ArraySlice<UInt8>? {
    if case .bytes(let bytes) = value { bytes } else { nil }
  }

  var isText: Bool {
    guard let bytes, !bytes.isEmpty else { return false }
    return bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  /// The first fields; none where the bytes are no protocol buffer from the start.
  static func read(_ head: [UInt8]) -> [ProtobufField] {
    var fields: [ProtobufField] = []
    var place = 0
    func varint() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard place < head.count else { return nil }
        let byte = head[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      return nil
    }
    while fields.count < 32, place < head.count, let tag = varint(), tag >> 3 > 0 {
      switch tag & 7 {
      case 0:
        guard let number = varint() else { return fields }
        fields.append(ProtobufField(number: tag >> 3, value: .number(number)))
      case 2:
        guard let length = varint() else { return fields }
        // A graph goes on behind the bytes at hand.
        let end = place + Int(min(length, UInt64(head.count - place)))
        fields.append(ProtobufField(number: tag >> 3, value: .bytes(head[place..<end])))
        place = end
      case 1, 5:
        place += tag & 7 == 1 ? 8 : 4
        fields.append(ProtobufField(number: tag >> 3, value: .other))
      default: return fields
      }
    }
    return fields
  }
}
