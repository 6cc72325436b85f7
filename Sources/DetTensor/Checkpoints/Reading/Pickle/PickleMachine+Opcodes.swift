extension PickleMachine {
  /// The newest protocol of Python.
  private static let newestProtocol = 5

  /// The next opcode; nil at the end.
  mutating func nextCode() throws -> UInt8? {
    let code = try bytes.byte()
    return code == UInt8(ascii: ".") ? nil : code
  }

  mutating func execute(_ code: UInt8) throws {
    if try pushNumber(code) { return }
    if try pushBytes(code) { return }
    if try changeContainer(code) { return }
    if try useMemo(code) { return }
    if try nameOrCall(code) { return }
    switch code {
    case 0x80: try checkProtocol()
    case 0x95: _ = try bytes.number(8)  // the length of a frame
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "2"): push(try top())
    case 0x98: _ = try top()  // from here on the buffer may only be read
    case 0x97: throw error("keeps values of its pickle in another file; save them together")
    default:
      throw error(
        "has the byte 0x\(String(code, radix: 16)) at byte \(bytes.place - 1) of its pickle, which is no opcode of "
          + "Python's; the file is damaged or no pickle")
    }
  }

  private mutating func checkProtocol() throws {
    let version = Int(try bytes.byte())
    guard version <= Self.newestProtocol else {
      throw error(
        "has a pickle of protocol \(version); this program reads up to \(Self.newestProtocol)")
    }
  }

  private mutating func pushNumber(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case UInt8(ascii: "J"): push(.whole(Int(Int32(truncatingIfNeeded: try bytes.number(4)))))
    case UInt8(ascii: "K"): push(.whole(Int(try bytes.byte())))
    case UInt8(ascii: "M"): push(.whole(Int(try bytes.number(2))))
    case UInt8(ascii: "G"): push(.real(Double(bitPattern: try bytes.number(8).byteSwapped)))
    case 0x8A: push(try bytes.whole(width: Int(bytes.byte())))
    case 0x8B: push(try bytes.whole(width: Int(bytes.number(4))))
    case UInt8(ascii: "I"):
      let line = try bytes.line()
      push(["00": .bool(false), "01": .bool(true)][line] ?? Int(line).map { .whole($0) } ?? .large)
    case UInt8(ascii: "L"):
      let line = try bytes.line()
      push(Int(line.hasSuffix("L") ? line.dropLast() : line[...]).map { .whole($0) } ?? .large)
    case UInt8(ascii: "F"): push(.real(Double(try bytes.line()) ?? .nan))
    default: return false
    }
    return true
  }

  private mutating func pushBytes(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "X"): push(try text(bytes.piece(lengthWidth: 4)))
    case 0x8C: push(try text(bytes.piece(lengthWidth: 1)))
    case 0x8D: push(try text(bytes.piece(lengthWidth: 8)))
    case UInt8(ascii: "V"): push(.text(try bytes.escapedLine()))
    case UInt8(ascii: "S"): push(textOrBytes(try bytes.quotedLine()))
    // Texts of Python 2, which are bytes as well.
    case UInt8(ascii: "U"): push(textOrBytes(try bytes.piece(lengthWidth: 1)))
    case UInt8(ascii: "T"): push(textOrBytes(try bytes.piece(lengthWidth: 4)))
    case UInt8(ascii: "C"): push(contents.blob(.stored(try bytes.piece(lengthWidth: 1))))
    case UInt8(ascii: "B"): push(contents.blob(.stored(try bytes.piece(lengthWidth: 4))))
    case 0x8E, 0x96: push(contents.blob(.stored(try bytes.piece(lengthWidth: 8))))
    default: return false
    }
    return true
  }

  /// The most bytes of a text that is kept as a name; longer ones stay where they are.
  private static let longestName = 4096

  private mutating func text(_ range: Range<Int>) throws -> PickleValue {
    guard range.count <= Self.longestName else { return contents.blob(.stored(range)) }
    guard let text = bytes.text(range) else {
      throw error("has a text that is no UTF-8 at byte \(range.lowerBound) of its pickle")
    }
    return .text(text)
  }

  private mutating func textOrBytes(_ range: Range<Int>) -> PickleValue {
    guard range.count <= Self.longestName, let text = bytes.text(range) else {
      return contents.blob(.stored(range))
    }
    return .text(text)
  }

  private mutating func textOrBytes(_ unescaped: [UInt8]) -> PickleValue {
    guard unescaped.count <= Self.longestName,
      let text = String(validating: unescaped, as: UTF8.self)
    else { return contents.blob(.own(unescaped)) }
    return .text(text)
  }

  private mutating func changeContainer(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: ")"), UInt8(ascii: "]"), 0x8F: push(contents.sequence([]))
    case UInt8(ascii: "t"), UInt8(ascii: "l"), 0x91: push(contents.sequence(try popMark()))
    case 0x85, 0x86, 0x87: push(contents.sequence(try pop(Int(code) - 0x84)))
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"), 0x90: try append(popMark())
    case UInt8(ascii: "}"): try pushDictionary()
    case UInt8(ascii: "d"): try pushDictionary(popMark())
    case UInt8(ascii: "s"): try setItems(pop(2))
    case UInt8(ascii: "u"): try setItems(popMark())
    default: return false
    }
    return true
  }

  private mutating func useMemo(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "q"): try remember(Int(bytes.byte()))
    case UInt8(ascii: "r"): try remember(Int(bytes.number(4)))
    case UInt8(ascii: "p"): try remember(key(bytes.line()))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "h"): try recall(Int(bytes.byte()))
    case UInt8(ascii: "j"): try recall(Int(bytes.number(4)))
    case UInt8(ascii: "g"): try recall(key(bytes.line()))
    default: return false
    }
    return true
  }

  private func key(_ line: String) throws -> Int {
    guard let key = Int(line), key >= 0 else {
      throw error("keeps a value under \"\(line.prefix(20))\", which is no number")
    }
    return key
  }

  private mutating func nameOrCall(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "c"):
      push(.global(PickleGlobal(module: try bytes.line(), name: try bytes.line())))
    case 0x93: try pushGlobalFromStack()
    case 0x82, 0x83, 0x84:  // a number under which Python was told of a class
      let number = try bytes.number([1, 2, 4][Int(code) - 0x82])
      push(.global(PickleGlobal(module: "copyreg", name: "extension \(number)")))
    case UInt8(ascii: "R"), 0x81:
      let parts = try pop(2)
      try pushCall(of: parts[0], with: parts[1])
    case 0x92:  // with arguments by name, which say nothing of tensors
      let parts = try pop(3)
      try pushCall(of: parts[0], with: parts[1])
    case UInt8(ascii: "i"):
      let maker = PickleGlobal(module: try bytes.line(), name: try bytes.line())
      try pushCall(of: .global(maker), with: contents.sequence(popMark()))
    case UInt8(ascii: "o"):
      let parts = try popMark()
      guard let maker = parts.first else { throw error("makes an object of no class") }
      try pushCall(of: maker, with: contents.sequence(Array(parts.dropFirst())))
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): pushPersistent(try pop())
    case UInt8(ascii: "P"): pushPersistent(.text(try bytes.line()))
    default: return false
    }
    return true
  }
}
