extension PickledTensors {
  /// (storage, offset, shape, strides, requires gradient, hooks), a kind of elements where the storage has none, and
  /// metadata in newer files.
  func torchTensor(_ arguments: [PickleValue]) throws -> Reading {
    guard arguments.count >= 4, let offset = arguments[1].whole,
      let shape = contents.wholes(arguments[2]), let strides = contents.wholes(arguments[3])
    else { throw error("describes a tensor in a way that PyTorch does not; save it again") }
    guard case .persistent(let number) = arguments[0] else {
      return .foreign("keeps its values in \(contents.kind(arguments[0]))")
    }
    guard let storage = storage(number) else {
      throw error("refers to something that is no storage; save it again")
    }
    let named = arguments.lazy.compactMap(\.global).first { $0.module == "torch" }
    guard let dtype = storage.dtype ?? named.flatMap({ Self.dtypes[$0.name] }) else {
      return .foreign("is of the kind \(named?.description ?? storage.kind)")
    }
    let bytes = try place(storage)
    do {
      let view = try StridedView(
        dtype: dtype, available: bytes.count / dtype.size, offset: offset, shape: shape,
        strides: strides)
      return .tensor(view, bytes)
    } catch {
      return .foreign(error.problem)
    }
  }

  /// All storages that the pickle speaks of, each once.
  var storages: [String: Storage] {
    let all = contents.identities.indices.compactMap { storage($0) }
    return Dictionary(all.map { ($0.key, $0) }) { first, _ in first }
  }

  /// A persistent id: ("storage", kind, key, device, elements), and None in files from before PyTorch 1.6.
  private func storage(_ number: Int) -> Storage? {
    let identity = contents.elements(contents.identities[number]) ?? []
    guard identity.count >= 5, identity[0] == .text("storage"), let kind = identity[1].global,
      let key = identity[2].text, let count = identity[4].whole, count >= 0,
      identity.count == 5 || identity[5] == .none
    else { return nil }
    return Storage(
      kind: kind.description, key: key, dtype: Self.storageKinds[kind.name], count: count,
      elementSize: Self.storageKinds[kind.name]?.size ?? Self.foreignSizes[kind.name])
  }

  private static let storageKinds: [String: DType] = [
    "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "DoubleStorage": .float64, "LongStorage": .int64, "IntStorage": .int32, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  /// Bytes of elements that this library has no tensors of.
  private static let foreignSizes = [
    "UntypedStorage": 1, "ShortStorage": 2, "CharStorage": 1, "ComplexFloatStorage": 8,
    "ComplexDoubleStorage": 16, "QInt8Storage": 1, "QUInt8Storage": 1, "QInt32Storage": 4,
  ]

  private static let dtypes: [String: DType] = [
    "float32": .float32, "float16": .float16, "bfloat16": .bfloat16, "float64": .float64,
    "int64": .int64, "int32": .int32, "uint8": .uint8, "bool": .bool,
  ]
}
