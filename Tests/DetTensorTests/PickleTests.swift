import TestSupport
import Testing

@testable import DetTensor

/// The pickle machine on hand-written pickles: what it makes, and what it refuses.
struct PickleTests {
  private func read(_ pickle: [UInt8]) throws -> PickleContents {
    try PickleMachine.read([0x80, 2] + pickle + Array(".".utf8), source: "x.pth")
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

  @Test(arguments: [
    ("cbuiltins\neval\n", "asks for builtins.eval"),
    ("ctorch._utils\n_rebuild_tensor\n", "asks for torch._utils._rebuild_tensor"),
    ("ctorch\nload\n", "asks for torch.load"),
    ("ctorch.serialization\n_get_layout\n", "asks for torch.serialization._get_layout"),
    ("ios\nsystem\n", "has the opcode 0x69"),
    ("ccollections\nOrderedDict\n(K\u{1}tR", "calls collections.OrderedDict with 1 values"),
    ("K\u{1})R", "calls a whole number with a list"),
    ("]K\u{1}b", "sets the state of something that is no dictionary"),
    ("K\u{1}(", "takes a value that is not there"),
    ("0", "takes a value that is not there"),
    ("t", "closes a group that was not opened"),
    ("h\u{5}", "recalls a value 5"),
    ("K\u{1}K\u{2}a", "adds to something that is no list"),
    ("}(K\u{1}u", "adds to something that is no dictionary"),
    ("X\u{7f}\u{7f}\u{7f}\u{7f}", "has a text of 2139062143 bytes"),
    ("ctorch", "a name without end"),
    ("K\u{1}Q", "refers to something that is no storage"),
  ])
  func whatNoCheckpointHoldsIsRefused(_ pickle: String, _ reason: String) {
    let problem = problem(codes(pickle))
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func numbersThatNoTensorHasAreRefused() {
    #expect(problem([0x8A, 9] + [UInt8](repeating: 1, count: 9)).contains("number of 9 bytes"))
    #expect(problem([0x80, 9]).contains("protocol 9"))
  }
}

/// Windows into storages: places, sizes and order of elements.
struct StridedViewTests {
  private func view(
    _ available: Int, offset: Int = 0, _ shape: [Int], _ strides: [Int]
  ) throws -> StridedView {
    try StridedView(
      storage: 0, dtype: .uint8, available: available, offset: offset, shape: shape,
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
