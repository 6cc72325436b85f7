/// A value of a pickle, as data: nothing of it is ever called.
///
/// Containers are numbers into the ``PickleContents`` that they belong to, so that a pickle which contains itself costs
/// no lasting memory, and none is too deep to be freed.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case whole(Int)
  case real(Double)
  case text(String)
  /// A list or a tuple.
  case sequence(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)

  /// What it is, in words, for errors.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .whole: "a whole number"
    case .real: "a number"
    case .text: "a text"
    case .sequence: "a list"
    case .dictionary: "a dictionary"
    case .global(let global): global.name
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }

  var whole: Int? {
    if case .whole(let value) = self { value } else { nil }
  }
}

/// The names that a checkpoint may speak of. Each stands for what it means to PyTorch; none is looked up or called.
enum PickleGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  /// `torch.FloatStorage` and its like; the kind is nil when tensors of this library have none such.
  case storage(String, DType?)

  /// The name of a module's member; nil for everything that a checkpoint of tensors has no use for.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", let name) where Self.storageKinds[name] != nil || Self.foreign.contains(name):
      self = .storage("torch.\(name)", Self.storageKinds[name])
    default: return nil
    }
  }

  var name: String {
    switch self {
    case .orderedDictionary: "collections.OrderedDict"
    case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
    case .rebuildParameter: "torch._utils._rebuild_parameter"
    case .storage(let name, _): name
    }
  }

  private static let storageKinds: [String: DType] = [
    "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "DoubleStorage": .float64, "LongStorage": .int64, "IntStorage": .int32, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  /// Storages of elements that this library has no tensors of.
  private static let foreign: Set<String> = [
    "ShortStorage", "CharStorage", "ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage",
    "QUInt8Storage", "QInt32Storage",
  ]
}

/// Everything that a pickle's values refer to by number.
struct PickleContents {
  /// The elements of a storage, which lie in a file of their own in the archive.
  struct Storage: Equatable {
    /// The name of the member, as in `data/12`.
    let key: String
    let dtype: DType
    /// Elements.
    let count: Int
  }

  var root = PickleValue.none
  var sequences: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [Storage] = []
  var tensors: [StridedView] = []

  mutating func sequence(_ elements: [PickleValue]) -> PickleValue {
    sequences.append(elements)
    return .sequence(sequences.count - 1)
  }

  /// The elements of a list or tuple; nil for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    if case .sequence(let number) = value { sequences[number] } else { nil }
  }

  /// The pairs of a dictionary; nil for anything else.
  func pairs(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    if case .dictionary(let number) = value { dictionaries[number] } else { nil }
  }
}
