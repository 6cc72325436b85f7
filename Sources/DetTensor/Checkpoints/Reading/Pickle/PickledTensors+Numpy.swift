extension PickledTensors {
  /// An array is made empty; its state says the rest: (version, shape, kind, whether column by column, bytes).
  func numpyArray(_ call: Call) throws -> Reading {
    guard let state = contents.elements(call.state), state.count == 5,
      let shape = contents.wholes(state[1])
    else { throw error("describes an array in a way that numpy does not; save it again") }
    return try array(shape, state[2], state[4], isReversed: state[3] == .bool(true))
  }

  /// How protocol 5 writes arrays: (bytes, kind, shape, order).
  func numpyArrayOnBuffer(_ arguments: [PickleValue]) throws -> Reading {
    guard arguments.count == 4, let shape = contents.wholes(arguments[2]) else {
      throw error("describes an array in a way that numpy does not; save it again")
    }
    return try array(shape, arguments[1], arguments[0], isReversed: arguments[3] == .text("F"))
  }

  private func array(
    _ shape: [Int], _ kind: PickleValue, _ values: PickleValue, isReversed: Bool
  ) throws -> Reading {
    guard let code = numpyKind(kind) else { return .foreign("is an array of objects") }
    guard let dtype = DType(numpy: code) else { return .foreign("is of numpy's kind \(code)") }
    guard let bytes = bytes(values) else { return .foreign("is an array of objects") }
    do {
      let view = try StridedView(
        dtype: dtype, available: bytes.count / dtype.size, shape: shape, isReversed: isReversed)
      return .tensor(view, bytes)
    } catch {
      return .foreign(error.problem)
    }
  }

  /// A kind of elements is made of its code, `f4`; its state says the order of bytes: (version, order, …).
  private func numpyKind(_ value: PickleValue) -> String? {
    guard let object = contents.object(value), object.maker.global?.module == "numpy",
      let code = contents.elements(object.arguments)?.first?.text
    else { return nil }
    let state = contents.elements(object.state) ?? []
    let order = state.count > 1 ? state[1].text : nil
    return order == ">" ? ">\(code.prefix(20))" : String(code.prefix(20))
  }

  /// The bytes that a value is, or is made of.
  private func bytes(_ value: PickleValue) -> PlacedBytes? {
    switch value {
    case .bytes(let number):
      switch contents.blobs[number] {
      case .stored(let range): return PlacedBytes(writing: .plain(range))
      case .own(let bytes): return PlacedBytes(writing: .own(bytes))
      }
    case .text(let text): return PlacedBytes(writing: .own(Array(text.utf8)))  // of Python 2
    case .object: return encodedBytes(value)
    default: return nil
    }
  }

  /// Protocols before 3 write bytes as `_codecs.encode(text, "latin1")`.
  private func encodedBytes(_ value: PickleValue) -> PlacedBytes? {
    guard let object = contents.object(value), let arguments = contents.elements(object.arguments),
      let maker = object.maker.global
    else { return nil }
    if maker == PickleGlobal(module: "_codecs", name: "encode"), arguments.count == 2,
      arguments[1] == .text("latin1") || arguments[1] == .text("latin-1")
    {
      switch arguments[0] {
      case .text(let text):
        return PlacedBytes.bytes(latin1: text.utf8).map { PlacedBytes(writing: .own($0)) }
      case .bytes(let number):
        guard case .stored(let range) = contents.blobs[number] else { return nil }
        return PlacedBytes(writing: .latin1(range))
      default: return nil
      }
    }
    let isOfBytes =
      ["builtins", "__builtin__"].contains(maker.module)
      && ["bytes", "bytearray"].contains(maker.name)
    guard isOfBytes else { return nil }
    guard let inner = arguments.first else { return PlacedBytes(writing: .own([])) }
    if case .object = inner { return nil }
    return bytes(inner)
  }
}

extension DType {
  /// The kind of a code of numpy, with or without its order of bytes: `<f4`; nil where this library has none such.
  init?(numpy code: String) {
    let codes: [String: DType] = [
      "f4": .float32, "f2": .float16, "f8": .float64, "i8": .int64, "i4": .int32, "u1": .uint8,
      "b1": .bool, "?": .bool,
    ]
    let bare = ["<", "|", "="].contains(code.prefix(1)) ? code.dropFirst() : code[...]
    guard let dtype = codes[String(bare)] else { return nil }
    self = dtype
  }
}
