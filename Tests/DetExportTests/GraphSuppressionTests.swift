import DetBasics
import DetTensor
import Testing

@testable import DetExport

/// Suppression in plain operations against that by the detector's own kernel.
struct GraphSuppressionTests {
  private static let overlap = 0.5

  /// Which of boxes [N, n, 4] by falling score are kept, and whether each image is settled.
  private func suppressed(
    _ boxes: Tensor, _ candidates: [Bool]? = nil
  ) throws -> (kept: [[Bool]], settled: [Bool]) {
    let (images, count) = (boxes.size(0), boxes.size(1))
    let builder = GraphBuilder()
    let input = builder.input("boxes", shape: boxes.shape, dtype: .float32)
    let mask = builder.input("candidates", shape: [images, count], dtype: .bool)
    let suppression = GraphSuppression(input, mask, overlap: Self.overlap)
    builder.output("kept", suppression.isKept.to(.int64))
    builder.output("settled", suppression.isSettled.to(.int64))
    let are = candidates ?? Array(repeating: true, count: images * count)
    let found = Interpreter(builder.graph)([
      "boxes": boxes, "candidates": Tensor(are, shape: [images, count]),
    ])
    let kept = try #require(found["kept"]).integers().map { $0 == 1 }
    let settled = try #require(found["settled"]).integers().map { $0 == 1 }
    return ((0..<images).map { Array(kept[($0 * count)..<(($0 + 1) * count)]) }, settled)
  }

  /// What the kernel keeps.
  private func wanted(_ boxes: Tensor) -> [Bool] {
    let count = boxes.size(0)
    let kept = Tensor.suppressed(
      boxes: boxes, scores: Tensor((0..<count).map { Float(count - $0) }, shape: [count]),
      threshold: Self.overlap
    ).integers()
    return (0..<count).map { kept.contains($0) }
  }

  @Test func keepsWhatTheKernelKeeps() throws {
    var generator = Generator(seed: 3)
    let corner = Tensor.uniform([3, 200, 2], low: 0, high: 60, using: &generator)
    let side = Tensor.uniform([3, 200, 2], low: 4, high: 40, using: &generator)
    let boxes = Tensor.concatenated([corner, corner + side], dim: 2)
    let found = try suppressed(boxes)
    for image in 0..<3 {
      let right = wanted(boxes[image])
      #expect(right.count { $0 } > 20 && right.count { !$0 } > 20)
      #expect(found.kept[image] == right)
    }
    #expect(found.settled == [true, true, true])
  }

  /// Boxes in a row, each of which overlaps the next one only.
  private func row(_ count: Int) -> Tensor {
    let sides = (0..<count).flatMap { number -> [Float] in
      let left = Float(3 * number)
      return [left, 0, left + 10, 10]
    }
    return Tensor(sides, shape: [1, count, 4])
  }

  @Test func aChainIsSettledWhenItIsNoLongerThanTheRounds() throws {
    let count = GraphSuppression.rounds
    let whole = try suppressed(row(count))
    #expect(whole.kept[0] == (0..<count).map { $0.isMultiple(of: 2) } && whole.settled == [true])
    let longer = try suppressed(row(count + 20))
    #expect(longer.settled == [false])
    // What lies within reach is right, and what does not is rather kept.
    #expect(Array(longer.kept[0].prefix(count)) == whole.kept[0])
    #expect(longer.kept[0].dropFirst(count).allSatisfy { $0 })
  }

  @Test func whatIsNoCandidateNeitherStaysNorDrops() throws {
    let found = try suppressed(row(4), [false, true, true, true])
    #expect(found.kept == [[false, true, false, true]] && found.settled == [true])
  }
}
