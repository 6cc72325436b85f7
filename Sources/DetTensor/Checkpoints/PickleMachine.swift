/// Reads a pickle as PyTorch writes them for tensors: a stack machine that makes data and calls nothing.
///
/// Only the opcodes that `torch.save` needs are there. Names are compared with a closed list, and what they would do
/// in Python is done here, to data: so a pickle that asks for anything else is an error, whatever it would have run.
struct PickleMachine {
  private let bytes: [UInt8]
  private let source: String
  private var place = 0
  private var stack: [PickleValue] = []
  /// How high the stack was at each open mark.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var contents = PickleContents()

  /// The newest protocol of Python.
  private static let newestProtocol = 5

  private init(_ bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
  }

  /// Reads a whole pickle; `source` names it in errors.
  static func read(_ bytes: [UInt8], source: String) throws -> PickleContents {
    var machine = PickleMachine(bytes, source: source)
    while let code = try machine.nextCode() { try machine.execute(code) }
    machine.contents.root = try machine.pop()
    return machine.contents
  }

  // MARK: - Bytes

  private func error(_ problem: String) -> TensorError { .file(path: source, problem: problem) }

  private mutating func byte() throws -> UInt8 {
    guard place < bytes.count else { throw error("ends in the middle of its pickle") }
    place += 1
    return bytes[place - 1]
  }

  private mutating func number(_ width: Int) throws -> UInt64 {
    guard width <= bytes.count - place else { throw error("ends in the middle of its pickle") }
    var value: UInt64 = 0
    for offset in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + offset]) }
    place += width
    return value
  }

  private mutating func text(_ lengthWidth: Int) throws -> PickleValue {
    let length = try number(lengthWidth)
    guard length <= UInt64(bytes.count - place) else {
      throw error("has a text of \(length) bytes in a pickle of \(bytes.count)")
    }
    let end = place + Int(length)
    guard let text = String(validating: bytes[place..<end], as: UTF8.self) else {
      throw error("has a text that is no UTF-8 at byte \(place) of its pickle")
    }
    place = end
    return .text(text)
  }

  private mutating func line() throws -> String {
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")),
      let text = String(validating: bytes[place..<end], as: UTF8.self)
    else { throw error("has a name without end at byte \(place) of its pickle") }
    place = end + 1
    return text
  }

  /// A whole number of up to 255 bytes, two's complement; those beyond 64 bits have no use in a checkpoint.
  private mutating func longNumber() throws -> PickleValue {
    let width = Int(try byte())
    guard width <= 8 else { throw error("has a whole number of \(width) bytes") }
    let value = try number(width)
    let unused = UInt64(64 - 8 * width)
    return .whole(width == 0 ? 0 : Int(Int64(bitPattern: value << unused) >> Int64(unused)))
  }

  // MARK: - Stack

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private mutating func pop() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw error("takes a value that is not there at byte \(place) of its pickle")
    }
    return value
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw error("takes \(count) values that are not there at byte \(place) of its pickle")
    }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw error("closes a group that was not opened at byte \(place) of its pickle")
    }
    let values = Array(stack[mark...])
    stack.removeLast(stack.count - mark)
    return values
  }

  private mutating func remember(_ key: Int) throws {
    let value = try pop()
    push(value)
    memo[key] = value
  }

  private mutating func recall(_ key: Int) throws {
    guard let value = memo[key] else { throw error("recalls a value \(key) that it did not keep") }
    push(value)
  }

  // MARK: - Opcodes

  /// The next opcode; nil at the end.
  private mutating func nextCode() throws -> UInt8? {
    let code = try byte()
    return code == UInt8(ascii: ".") ? nil : code
  }

  private mutating func execute(_ code: UInt8) throws {
    switch code {
    case 0x80: try checkProtocol()
    case 0x95: _ = try number(8)  // the length of a frame
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "q"): try remember(Int(byte()))
    case UInt8(ascii: "r"): try remember(Int(number(4)))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "h"): try recall(Int(byte()))
    case UInt8(ascii: "j"): try recall(Int(number(4)))
    case UInt8(ascii: "c"): try pushGlobal(module: line(), name: line())
    case 0x93: try pushGlobalFromStack()
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try pushStorage()
    default:
      if try !pushScalar(code), try !executeContainer(code) {
        throw error(
          "has the opcode 0x\(String(code, radix: 16)) at byte \(place - 1) of its pickle, which "
            + "no checkpoint of tensors needs; \(Self.cure)")
      }
    }
  }

  private mutating func checkProtocol() throws {
    let version = Int(try byte())
    guard version <= Self.newestProtocol else {
      throw error(
        "has a pickle of protocol \(version); this program reads up to \(Self.newestProtocol)")
    }
  }

  private mutating func pushScalar(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case UInt8(ascii: "J"): push(.whole(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): push(.whole(Int(try byte())))
    case UInt8(ascii: "M"): push(.whole(Int(try number(2))))
    case 0x8A: push(try longNumber())
    case UInt8(ascii: "G"): push(.real(Double(bitPattern: try number(8).byteSwapped)))
    case UInt8(ascii: "X"): push(try text(4))
    case 0x8C: push(try text(1))
    case 0x8D: push(try text(8))
    default: return false
    }
    return true
  }

  private mutating func executeContainer(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: ")"), UInt8(ascii: "]"): push(contents.sequence([]))
    case UInt8(ascii: "t"), UInt8(ascii: "l"): push(contents.sequence(try popMark()))
    case 0x85, 0x86, 0x87: push(contents.sequence(try pop(Int(code) - 0x84)))
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"): try append(popMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try setItems(pop(2))
    case UInt8(ascii: "u"): try setItems(popMark())
    default: return false
    }
    return true
  }

  private mutating func pushDictionary() {
    contents.dictionaries.append([])
    push(.dictionary(contents.dictionaries.count - 1))
  }

  private mutating func append(_ values: [PickleValue]) throws {
    guard case .sequence(let number)? = stack.last else {
      throw error("adds to something that is no list at byte \(place) of its pickle")
    }
    contents.sequences[number] += values
  }

  private mutating func setItems(_ values: [PickleValue]) throws {
    guard case .dictionary(let number)? = stack.last, values.count.isMultiple(of: 2) else {
      throw error("adds to something that is no dictionary at byte \(place) of its pickle")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      contents.dictionaries[number].append((values[index], values[index + 1]))
    }
  }

  // MARK: - Names, and what they stand for

  private static let cure =
    "save the state dict alone, with torch.save(model.state_dict(), path)"

  private mutating func pushGlobal(module: String, name: String) throws {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw error(
        "asks for \(module.prefix(80)).\(name.prefix(80)), which is no part of a checkpoint of tensors and was "
          + "not run; \(Self.cure)")
    }
    push(.global(global))
  }

  private mutating func pushGlobalFromStack() throws {
    let words = try pop(2)
    guard case .text(let module) = words[0], case .text(let name) = words[1] else {
      throw error("names something by \(words[0].kind) and \(words[1].kind)")
    }
    try pushGlobal(module: module, name: name)
  }

  private mutating func reduce() throws {
    let parts = try pop(2)
    guard case .global(let global) = parts[0], let arguments = contents.elements(parts[1]) else {
      throw error("calls \(parts[0].kind) with \(parts[1].kind) at byte \(place) of its pickle")
    }
    switch global {
    case .orderedDictionary where arguments.isEmpty: pushDictionary()
    case .rebuildTensor: push(try tensor(arguments))
    case .rebuildParameter:
      guard case .tensor? = arguments.first else { throw error("makes a parameter of no tensor") }
      push(arguments[0])
    case .orderedDictionary, .storage:
      throw error("calls \(global.name) with \(arguments.count) values; \(Self.cure)")
    }
  }

  /// Attributes of a dictionary (`_metadata` of a state dict) say nothing of tensors and are dropped.
  private mutating func build() throws {
    let state = try pop()
    guard case .dictionary = state, case .dictionary? = stack.last else {
      throw error("sets the state of something that is no dictionary; \(Self.cure)")
    }
  }

  /// A persistent id: ("storage", kind, key, device, elements).
  private mutating func pushStorage() throws {
    let identity = contents.elements(try pop()) ?? []
    guard identity.count == 5, identity[0] == .text("storage"),
      case .global(.storage(let name, let dtype)) = identity[1], case .text(let key) = identity[2],
      let count = identity[4].whole, count >= 0
    else { throw error("refers to something that is no storage at byte \(place) of its pickle") }
    guard let dtype else {
      throw error(
        "holds a \(name); tensors are \(DType.allCases.map(\.description).joined(separator: ", "))")
    }
    contents.storages.append(.init(key: key, dtype: dtype, count: count))
    push(.storage(contents.storages.count - 1))
  }

  /// (storage, offset, shape, strides, requires gradient, hooks), and metadata in newer files.
  private mutating func tensor(_ arguments: [PickleValue]) throws -> PickleValue {
    guard arguments.count == 6 || arguments.count == 7, case .storage(let number) = arguments[0],
      let offset = arguments[1].whole, let shape = wholes(arguments[2]),
      let strides = wholes(arguments[3])
    else { throw error("describes a tensor in a way that PyTorch does not; save it again") }
    let storage = contents.storages[number]
    do {
      contents.tensors.append(
        try StridedView(
          storage: number, dtype: storage.dtype, available: storage.count, offset: offset,
          shape: shape, strides: strides))
    } catch {
      throw self.error("a tensor in storage \"\(storage.key)\" \(error.problem)")
    }
    return .tensor(contents.tensors.count - 1)
  }

  private func wholes(_ value: PickleValue) -> [Int]? {
    guard let elements = contents.elements(value) else { return nil }
    let numbers = elements.compactMap(\.whole)
    return numbers.count == elements.count ? numbers : nil
  }
}
