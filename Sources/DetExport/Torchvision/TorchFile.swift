import DetBasics
package import DetTensor
package import Foundation

/// Tensors by name as `torch.save` writes a state dict, which `torch.load(path, weights_only=True)` reads: a zip file without
/// compression, with a pickle of protocol 2 and the numbers of each tensor in a record of its own.
package enum TorchFile {
  /// The file's bytes.
  package static func data(_ tensors: [(name: String, tensor: Tensor)]) -> Data {
    let plain = tensors.map { ($0.name, $0.tensor.detached().contiguous()) }
    var archive = StoredZip()
    archive.add("detector/data.pkl", pickle(plain))
    archive.add("detector/byteorder", Data("little".utf8))
    for (index, (_, tensor)) in plain.enumerated() {
      archive.add("detector/data/\(index)", tensor.withMutableBytes { Data($0) })
    }
    archive.add("detector/version", Data("3\n".utf8))
    return archive.data()
  }

  private static func pickle(_ tensors: [(String, Tensor)]) -> Data {
    var pickle = PickleWriter()
    pickle.emptyOrderedDict()
    pickle.mark()
    for (index, (name, tensor)) in tensors.enumerated() {
      pickle.text(name)
      pickle.global("torch._utils", "_rebuild_tensor_v2")
      pickle.mark()
      pickle.mark()
      pickle.text("storage")
      pickle.global("torch", storage(tensor.dtype))
      pickle.text("\(index)")
      pickle.text("cpu")
      pickle.integer(tensor.count)
      pickle.tuple()
      pickle.persistentID()
      pickle.integer(0)
      pickle.integers(tensor.shape)
      pickle.integers(tensor.strides)
      pickle.no()
      pickle.emptyOrderedDict()
      pickle.tuple()
      pickle.reduce()
    }
    pickle.setItems()
    return pickle.finished()
  }

  private static func storage(_ dtype: DType) -> String {
    switch dtype {
    case .float32: "FloatStorage"
    case .bfloat16: "BFloat16Storage"
    case .float16: "HalfStorage"
    case .float64: "DoubleStorage"
    case .int64: "LongStorage"
    case .int32: "IntStorage"
    case .uint8: "ByteStorage"
    case .bool: "BoolStorage"
    }
  }
}

/// A pickle of protocol 2, opcode by opcode (CPython, `Lib/pickletools.py`).
private struct PickleWriter {
  private var data = Data([0x80, 2])

  mutating func mark() { op("(") }
  mutating func tuple() { op("t") }
  mutating func reduce() { op("R") }
  mutating func persistentID() { op("Q") }
  mutating func setItems() { op("u") }
  mutating func no() { data.append(0x89) }

  mutating func global(_ module: String, _ name: String) {
    op("c")
    data.append(contentsOf: "\(module)\n\(name)\n".utf8)
  }

  mutating func text(_ text: String) {
    op("X")
    let bytes = Data(text.utf8)
    data.append(littleEndian: UInt32(bytes.count))
    data.append(bytes)
  }

  mutating func integer(_ value: Int) {
    op("J")
    data.append(littleEndian: UInt32(value))
  }

  mutating func integers(_ values: [Int]) {
    mark()
    for value in values { integer(value) }
    tuple()
  }

  mutating func emptyOrderedDict() {
    global("collections", "OrderedDict")
    op(")")
    reduce()
  }

  func finished() -> Data { data + Data(".".utf8) }

  private mutating func op(_ character: Character) {
    data.append(contentsOf: String(character).utf8)
  }
}

/// A zip file of records as they are (PKWARE's APPNOTE 6.3.10), below 4 GiB.
private struct StoredZip {
  private var body = Data()
  private var directory = Data()
  private var count = 0

  mutating func add(_ name: String, _ content: Data) {
    let place = body.count
    let fields = fields(name, content)
    body.append(littleEndian: UInt32(0x0403_4b50))
    body.append(fields)
    body.append(contentsOf: name.utf8)
    body.append(content)
    directory.append(littleEndian: UInt32(0x0201_4b50))
    directory.append(littleEndian: UInt16(20))
    directory.append(fields)
    directory.append(Data(count: 10))  // no comment, first disk, no attributes
    directory.append(littleEndian: UInt32(place))
    directory.append(contentsOf: name.utf8)
    count += 1
  }

  /// What local header and directory say alike: version, flags, method, time, date, checksum, sizes, lengths of name and extras.
  private func fields(_ name: String, _ content: Data) -> Data {
    var fields = Data()
    for value in [20, 0, 0, 0, 0x21] as [UInt16] { fields.append(littleEndian: value) }
    fields.append(littleEndian: content.withUnsafeBytes { CRC32.iso.of($0) })
    fields.append(littleEndian: UInt32(content.count))
    fields.append(littleEndian: UInt32(content.count))
    fields.append(littleEndian: UInt16(name.utf8.count))
    fields.append(littleEndian: UInt16(0))
    return fields
  }

  func data() -> Data {
    precondition(body.count < Int(UInt32.max), "records of \(body.count) bytes want zip64")
    var end = Data()
    end.append(littleEndian: UInt32(0x0605_4b50))
    end.append(Data(count: 4))
    end.append(littleEndian: UInt16(count))
    end.append(littleEndian: UInt16(count))
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(body.count))
    end.append(littleEndian: UInt16(0))
    return body + directory + end
  }
}

extension Data {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
