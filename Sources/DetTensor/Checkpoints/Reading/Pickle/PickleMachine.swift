/// Reads a pickle: a stack machine that makes data and calls nothing.
///
/// It knows the opcodes of all of Python's protocols. A class or a function is a name to it, and what a call would
/// have made is an object of which it notes that name, the arguments and the state. So whatever a pickle asks for, nothing is run,
/// and a value that nobody needs does not stand in the way of those beside it.
struct PickleMachine {
  let source: String
  var bytes: PickleBytes
  var stack: [PickleValue] = []
  /// How high the stack was at each open mark.
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]
  var contents = PickleContents()

  /// Reads the pickle that starts at `place` of a file; gives what it holds, and where it ends.
  ///
  /// Bytes are not copied: ``PickleContents/Blob`` says where in the file they lie. `source` names it in errors.
  static func read(
    _ bytes: UnsafeRawBufferPointer, at place: Int = 0, source: String
  ) throws -> (contents: PickleContents, end: Int) {
    var machine = PickleMachine(
      source: source, bytes: PickleBytes(bytes, at: place, source: source))
    while let code = try machine.nextCode() { try machine.execute(code) }
    machine.contents.root = try machine.pop()
    return (machine.contents, machine.bytes.place)
  }

  func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }

  // MARK: - Stack

  mutating func push(_ value: PickleValue) { stack.append(value) }

  mutating func pop() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw error("takes a value that is not there at byte \(bytes.place) of its pickle")
    }
    return value
  }

  mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw error("takes \(count) values that are not there at byte \(bytes.place) of its pickle")
    }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  mutating func popMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw error("closes a group that was not opened at byte \(bytes.place) of its pickle")
    }
    let values = Array(stack[mark...])
    stack.removeLast(stack.count - mark)
    return values
  }

  /// The value on top, which stays there.
  func top() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw error("takes a value that is not there at byte \(bytes.place) of its pickle")
    }
    return value
  }

  mutating func remember(_ key: Int) throws { memo[key] = try top() }

  mutating func recall(_ key: Int) throws {
    guard let value = memo[key] else { throw error("recalls a value \(key) that it did not keep") }
    push(value)
  }

  // MARK: - Containers

  mutating func pushDictionary(_ values: [PickleValue] = []) throws {
    contents.dictionaries.append([])
    push(.dictionary(contents.dictionaries.count - 1))
    try setItems(values)
  }

  /// Adds to the list or set on top, or to an object that is filled like one.
  mutating func append(_ values: [PickleValue]) throws {
    switch try top() {
    case .sequence(let number): contents.sequences[number] += values
    case .object(let number): contents.objects[number].elements += values
    default: throw error("adds to something that is no list at byte \(bytes.place) of its pickle")
    }
  }

  /// Adds keys and values, one after the other, to the dictionary on top, or to an object that is filled like one.
  mutating func setItems(_ values: [PickleValue]) throws {
    let target = try top()
    guard values.count.isMultiple(of: 2) else {
      throw error("adds a key without a value at byte \(bytes.place) of its pickle")
    }
    let pairs = stride(from: 0, to: values.count, by: 2).map {
      (key: values[$0], value: values[$0 + 1])
    }
    switch target {
    case .dictionary(let number): contents.dictionaries[number] += pairs
    case .object(let number): contents.objects[number].pairs += pairs
    default:
      throw error("adds to something that is no dictionary at byte \(bytes.place) of its pickle")
    }
  }

  // MARK: - Names and calls

  mutating func pushGlobalFromStack() throws {
    let words = try pop(2)
    guard case .text(let module) = words[0], case .text(let name) = words[1] else {
      throw error("names something by \(contents.kind(words[0])) and \(contents.kind(words[1]))")
    }
    push(.global(PickleGlobal(module: module, name: name)))
  }

  private static let orderedDictionary = PickleGlobal(module: "collections", name: "OrderedDict")

  /// Notes a call. An ordered dictionary is one of Python's own kinds, and made here.
  mutating func pushCall(of maker: PickleValue, with arguments: PickleValue) throws {
    if maker.global == Self.orderedDictionary, contents.elements(arguments)?.isEmpty == true {
      return try pushDictionary()
    }
    push(contents.object(maker, arguments))
  }

  /// The state of an object; that of a dictionary (`_metadata` of a state dict) says nothing of tensors and is dropped.
  mutating func build() throws {
    let state = try pop()
    if case .object(let number) = try top() { contents.objects[number].state = state }
  }

  mutating func pushPersistent(_ identity: PickleValue) {
    contents.identities.append(identity)
    push(.persistent(contents.identities.count - 1))
  }
}
