/// Everything that a pickle's values refer to by number.
struct PickleContents {
  /// What a call would have made in Python: who would have been called with what, and what was put into the result.
  struct Object {
    let maker: PickleValue
    let arguments: PickleValue
    var state = PickleValue.none
    var elements: [PickleValue] = []
    var pairs: [(key: PickleValue, value: PickleValue)] = []
  }

  /// Bytes in a pickle.
  enum Blob {
    /// As they are, at a place of the file.
    case stored(Range<Int>)
    /// Taken out of a text with escapes.
    case own([UInt8])
  }

  var root = PickleValue.none
  var sequences: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var objects: [Object] = []
  var blobs: [Blob] = []
  /// What identifies each value that is kept elsewhere.
  var identities: [PickleValue] = []

  mutating func sequence(_ elements: [PickleValue]) -> PickleValue {
    sequences.append(elements)
    return .sequence(sequences.count - 1)
  }

  mutating func object(_ maker: PickleValue, _ arguments: PickleValue) -> PickleValue {
    objects.append(Object(maker: maker, arguments: arguments))
    return .object(objects.count - 1)
  }

  mutating func blob(_ blob: Blob) -> PickleValue {
    blobs.append(blob)
    return .bytes(blobs.count - 1)
  }

  /// The object that a value is; nil for anything else.
  func object(_ value: PickleValue) -> Object? {
    if case .object(let number) = value { objects[number] } else { nil }
  }

  /// The elements of a list or tuple; nil for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    if case .sequence(let number) = value { sequences[number] } else { nil }
  }

  /// The whole numbers of a list or tuple of nothing else; nil for anything else.
  func wholes(_ value: PickleValue) -> [Int]? {
    guard let elements = elements(value) else { return nil }
    let numbers = elements.compactMap(\.whole)
    return numbers.count == elements.count ? numbers : nil
  }

  /// The pairs of a dictionary, or of an object that is filled like one; nil for anything else.
  func pairs(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    switch value {
    case .dictionary(let number): dictionaries[number]
    case .object(let number) where !objects[number].pairs.isEmpty: objects[number].pairs
    default: nil
    }
  }

  /// What a value is, in words, for errors: an object by the name of its class.
  func kind(_ value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool: "a truth value"
    case .whole, .large: "a whole number"
    case .real: "a number"
    case .text: "a text"
    case .bytes: "bytes"
    case .sequence: "a list"
    case .dictionary: "a dictionary"
    case .global(let global): "the name \(global)"
    case .object(let number): maker(objects[number]).map { "a \($0)" } ?? "an object"
    case .persistent: "a storage"
    }
  }

  /// The class of an object, as far as its pickle says: what stands behind the function that makes plain objects.
  func maker(_ object: Object) -> PickleGlobal? {
    guard let maker = object.maker.global else { return nil }
    let makesPlainObjects = ["copyreg", "copy_reg"].contains(maker.module)
    return makesPlainObjects ? elements(object.arguments)?.first?.global ?? maker : maker
  }
}
