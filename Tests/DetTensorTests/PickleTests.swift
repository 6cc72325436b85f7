import TestSupport
import Testing

@testable import DetTensor

/// The pickle machine on hand-written pickles: what it makes, and what it refuses.
struct PickleTests {
  private func read(_ pickle: [UInt8]) throws -> PickleContents {
    let bytes = [0x80, 2] + pickle + Array(".".utf8)
    return try bytes.withUnsafeBytes { try PickleMachine.read($0, source: "x.pth").contents }
  }

  private func problem(_ pickle: [UInt8]) -> String {
    thrown { try read(pickle) }
  }

  private func codes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func scalarsAreReadBySign() throws {
    #expect(try read([0x4A, 0xFE, 0xFF, 0xFF, 0xFF]).root == .whole(-2))
    #expect(try read([0x4D, 0x01, 0x02]).root == .whole(513))
    #expect(try read([0x8A, 0x00]).root == .whole(0))
    #expect(try read([0x8A, 0x02, 0x00, 0xFF]).root == .whole(-256))
    #expect(
      try read([0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).root == .whole(.max))
    #expect(try read([0x47, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0]).root == .real(-1.5))
    #expect(try read([0x58, 2, 0, 0, 0, 0xC3, 0xA9]).root == .text("é"))
  }

  @Test func aDictionaryThatWasRememberedIsFilledInPlace() throws {
    // {}, remembered as 0, then {"a": 1} set into it, recalled.
    let contents = try read(
      codes("}q") + [0] + [0x8C, 1] + codes("aK") + [1] + codes("s0h") + [0])
    let pairs = try #require(contents.pairs(contents.root))
    #expect(pairs.count == 1)
    #expect(pairs[0].key == .text("a") && pairs[0].value == .whole(1))
  }

  @Test func aListThatHoldsItselfIsRead() throws {
    let contents = try read(codes("]q") + [0] + codes("h") + [0] + codes("a"))
    #expect(contents.elements(contents.root) == [contents.root])
  }

  @Test func aMillionNestedListsAreRead() throws {
    let contents = try read(codes("]") + [UInt8](repeating: 0x85, count: 1_000_000))
    #expect(contents.elements(contents.root)?.count == 1)
  }

  /// Every opcode of Python's protocols is known; a byte that is none is damage.
  @Test func allOpcodesAreKnownAndNoOther() {
    let known = Set("(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu}]G)BC".utf8).union(0x80...0x98)
    for code in UInt8.min...UInt8.max {
      let isKnown = !problem([code]).contains("is no opcode of Python's")
      #expect(isKnown == known.contains(code), "0x\(String(code, radix: 16))")
    }
  }

  /// What Python would have called is noted by name; nothing else comes of it.
  @Test(arguments: [
    "cposix\nsystem\n(X\u{2}\0\0\0lstR", "(X\u{2}\0\0\0lsiposix\nsystem\n",
    "(cposix\nsystem\nX\u{2}\0\0\0lso",
  ])
  func callsAreNotedAndNotMade(_ pickle: String) throws {
    let contents = try read(codes(pickle))
    let object = try #require(contents.object(contents.root))
    #expect(object.maker.global == PickleGlobal(module: "posix", name: "system"))
    #expect(contents.elements(object.arguments) == [.text("ls")])
    #expect(contents.kind(contents.root) == "a posix.system")
  }

  @Test func objectsKeepWhatIsPutIntoThem() throws {
    // collections.Counter({"a": 1}), then ["b"] = 2, an element, and a state.
    let contents = try read(
      codes("ccollections\nCounter\n}X\u{1}\0\0\0aK\u{1}s\u{85}R").filter { $0 != 0xC2 }
        + codes("X\u{1}\0\0\0bK\u{2}sK\u{3}aK\u{4}b"))
    let object = try #require(contents.object(contents.root))
    #expect(object.pairs.map(\.key) == [.text("b")] && object.elements == [.whole(3)])
    #expect(object.state == .whole(4))
    let counted = try #require(contents.elements(object.arguments)?.first)
    #expect(contents.pairs(counted)?.first?.value == .whole(1))
  }

  @Test func textualProtocolsAreRead() throws {
    let contents = try read(codes("(dp0\nS'a\\x41\\n'\np1\nI01\nsVb\\u00e9\nL12L\nsg1\nF0.5\ns"))
    let pairs = try #require(contents.pairs(contents.root))
    #expect(pairs.map(\.key) == [.text("aA\n"), .text("bé"), .text("aA\n")])
    #expect(pairs.map(\.value) == [.bool(true), .whole(12), .real(0.5)])
  }

  @Test(arguments: [
    ("0", "takes a value that is not there"),
    ("K\u{1}(", "takes a value that is not there"),
    ("t", "closes a group that was not opened"),
    ("h\u{5}", "recalls a value 5"),
    ("K\u{1}K\u{2}a", "adds to something that is no list"),
    ("}(K\u{1}u", "adds a key without a value"),
    ("](K\u{1}K\u{1}u", "adds to something that is no dictionary"),
    ("X\u{7f}\u{7f}\u{7f}\u{7f}", "has a text of 2139062143 bytes"),
    ("ctorch", "a name without end"),
    ("K\u{1}p-1\n", "under \"-1\", which is no number"),
  ])
  func damageIsRefusedWithTheReason(_ pickle: String, _ reason: String) {
    let problem = problem(codes(pickle))
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func whatNobodyNeedsIsNoReasonToRefuse() throws {
    #expect(try read([0x8A, 9] + [UInt8](repeating: 1, count: 9)).root == .large)
    #expect(problem([0x80, 9]).contains("protocol 9"))
  }
}

/// Windows into storages: places, sizes and order of elements.
struct StridedViewTests {
  private func view(
    _ available: Int, offset: Int = 0, _ shape: [Int], _ strides: [Int]
  ) throws -> StridedView {
    try StridedView(
      dtype: .uint8, available: available, offset: offset, shape: shape,
      strides: strides)
  }

  private func gathered(_ view: StridedView, _ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: view.byteCount)
    result.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { view.gather(from: $0, into: target) }
    }
    return result
  }

  @Test func elementsComeInRowMajorOrder() throws {
    let bytes = [UInt8](0..<24)
    let turned = try view(24, [3, 2], [1, 3])
    #expect(!turned.isContiguous)
    #expect(gathered(turned, bytes) == [0, 3, 1, 4, 2, 5])
    let steps = try view(24, offset: 1, [2, 2, 2], [12, 4, 2])
    #expect(gathered(steps, bytes) == [1, 3, 5, 7, 13, 15, 17, 19])
    let rows = try view(24, offset: 2, [2, 1, 3], [6, 99, 1])
    #expect(gathered(rows, bytes) == [2, 3, 4, 8, 9, 10])
    #expect(try view(24, [4, 1, 6], [6, 7, 1]).isContiguous)
  }

  @Test func emptyAndSingleElementsHaveNoOrder() throws {
    #expect(try view(0, offset: 9, [0, .max, 4], [4, 4, 1]).isContiguous)
    let single = try view(5, offset: 4, [], [])
    #expect(single.isContiguous && gathered(single, [1, 2, 3, 4, 5]) == [5])
  }

  @Test(arguments: [
    ([5], [1], 0, "reaches element 4 of a storage of 4"),
    ([2, 2], [3, 1], 0, "reaches element 4"),
    ([2], [1], 3, "reaches element 4"),
    ([1 << 62, 4], [1, 1], 0, "too large to exist"),
    ([2, 2], [Int.max, Int.max], 0, "too large to exist"),
    ([2], [Int.max], 1, "too large to exist"),
    ([1000], [0], 0, "repeats a storage of 4"),
    ([-1], [1], 0, "negative"),
    ([1], [-1], 0, "negative"),
    ([1], [1], -1, "negative"),
    ([1, 1], [1], 0, "has 2 sizes and 1 strides"),
  ])
  func whatLeavesTheStorageIsRefused(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ reason: String
  ) {
    do {
      _ = try view(4, offset: offset, shape, strides)
      Issue.record("\(shape) was accepted")
    } catch let error as StridedView.Misfit {
      #expect(error.problem.contains(reason), "\(error.problem)")
    } catch {
      Issue.record("\(error)")
    }
  }
}
