/// Finds and reads the tensors among the values of a pickle: PyTorch's and numpy's.
struct PickledTensors {
  /// What a value that stands for a tensor turns out to be.
  enum Reading {
    case tensor(StridedView, PlacedBytes)
    /// A tensor of no kind that this library has: how it is described.
    case foreign(String)
  }

  /// A storage of PyTorch, as a pickle speaks of it.
  struct Storage {
    /// `torch.FloatStorage`
    let kind: String
    let key: String
    /// Nil where the elements have no kind, or none that this library has.
    let dtype: DType?
    /// Elements, or bytes where they have no kind.
    let count: Int
    /// Bytes of an element; nil when they are not known.
    let elementSize: Int?
  }

  let contents: PickleContents
  let source: String
  /// Where the bytes of a storage lie; fails when they are not there.
  let place: (Storage) throws -> PlacedBytes

  func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }

  /// Whether a value stands for a tensor, be it of a kind that can be read or not.
  func isTensor(_ value: PickleValue) -> Bool {
    guard let call = call(value) else { return false }
    return Self.makers[call.maker] != nil || Self.isForeignMaker(call.maker)
  }

  /// Reads the tensor that a value stands for; nil when it stands for none.
  func read(_ value: PickleValue) throws -> Reading? {
    guard let call = call(value) else { return nil }
    switch Self.makers[call.maker] {
    case .torch: return try torchTensor(call.arguments)
    case .numpy: return try numpyArray(call)
    case .numpyBuffer: return try numpyArrayOnBuffer(call.arguments)
    case nil:
      return Self.isForeignMaker(call.maker) ? .foreign("is made by \(call.maker)") : nil
    }
  }

  // MARK: - Who makes tensors

  struct Call {
    let maker: PickleGlobal
    let arguments: [PickleValue]
    let state: PickleValue
  }

  private enum Maker {
    case torch
    case numpy
    case numpyBuffer
  }

  private static let makers: [PickleGlobal: Maker] = {
    var makers: [PickleGlobal: Maker] = [:]
    for name in ["_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"] {
      makers[PickleGlobal(module: "torch._utils", name: name)] = .torch
    }
    for numpy in ["numpy.core", "numpy._core"] {
      makers[PickleGlobal(module: "\(numpy).multiarray", name: "_reconstruct")] = .numpy
      makers[PickleGlobal(module: "\(numpy).numeric", name: "_frombuffer")] = .numpyBuffer
    }
    return makers
  }()

  /// Sparse, quantised and other tensors that have no plain storage.
  private static func isForeignMaker(_ maker: PickleGlobal) -> Bool {
    maker.module == "torch._utils" && maker.name.hasPrefix("_rebuild_")
  }

  /// The call that makes a tensor, without those around it that make it a parameter or give it a class.
  private func call(_ value: PickleValue) -> Call? {
    var value = value
    for _ in 0..<8 {
      guard let object = contents.object(value), let maker = object.maker.global,
        let arguments = contents.elements(object.arguments)
      else { return nil }
      switch (maker.module, maker.name) {
      case ("torch._utils", "_rebuild_parameter"),
        ("torch._utils", "_rebuild_parameter_with_state"):
        guard let inner = arguments.first else { return nil }
        value = inner
      case ("torch._tensor", "_rebuild_from_type_v2"):
        // (function, class, its arguments, state)
        guard arguments.count == 4, let function = arguments[0].global,
          let inner = contents.elements(arguments[2])
        else { return nil }
        return Call(maker: function, arguments: inner, state: .none)
      default: return Call(maker: maker, arguments: arguments, state: object.state)
      }
    }
    return nil
  }
}
