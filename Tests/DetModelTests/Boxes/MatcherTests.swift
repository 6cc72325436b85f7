import DetSpec
import DetTensor
import Testing

@testable import DetModel

struct MatcherTests {
  /// Unit-high boxes from 0 to the given width; their overlap with 0…10 is width / 10.
  private func bars(_ widths: [Float]) -> Tensor {
    Tensor(widths.flatMap { [0, 0, $0, 1] }, shape: [widths.count, 4])
  }

  private func truths(_ boxes: [[Box]]) -> TruthBatch {
    TruthBatch(boxes.map { ImageTargets(boxes: $0, labels: $0.map { _ in 0 }) })
  }

  private let bar = Box(x0: 0, y0: 0, x1: 10, y1: 1)

  @Test func belowLowIsBackgroundFromHighIsAMatchBetweenIsNeither() {
    let matcher = Matcher(low: 0.3, high: 0.7, keepsBestOfTruth: false)
    let found = matcher(bars([2, 3, 5, 7, 10]), counts: [5], truths([[bar]]))
    #expect(found.integers() == [-1, -2, -2, 0, 0])
  }

  @Test func theBestBoxesOfATruthAreKeptBelowTheThreshold() {
    let matcher = Matcher(low: 0.3, high: 0.7, keepsBestOfTruth: true)
    let found = matcher(bars([1, 2, 2]), counts: [3], truths([[bar]]))
    #expect(found.integers() == [-1, 0, 0])
  }

  @Test func matchesCountTruthsOverTheBatch() {
    let matcher = Matcher.regions(step: 0)
    let far = Box(x0: 50, y0: 0, x1: 60, y1: 1)
    let found = matcher(bars([10, 10, 10]), counts: [1, 2], truths([[far, bar], [bar]]))
    #expect(found.integers() == [1, 2, 2])
  }

  @Test func anImageWithoutTruthsIsBackground() {
    let found = Matcher.proposals(bars([1, 9]), counts: [2], truths([[]]))
    #expect(found.integers() == [-1, -1])
  }

  @Test func gridsMatchAsTheirAnchorsDo() {
    let generator = AnchorGenerator(
      AnchorLayout(levels: [.p1, .p2], scales: [2, 3.5], ratios: [0.5, 1, 2]))
    let grids = generator.grids(over: [.zeros([2, 1, 12, 10]), .zeros([2, 1, 6, 5])])
    let boxes = Noise.boxList(9, 7, 40)
    let batch = truths([Array(boxes[0..<3]), Array(boxes[3...])])
    let anchors = grids.anchors()
    let expected = Matcher.proposals(
      .concatenated([anchors, anchors]), counts: [grids.count, grids.count], batch)
    let found = Matcher.proposals(grids, batch)
    #expect(found.shape == [2, grids.count])
    #expect(found.integers() == expected.integers())
    #expect(Set(found.integers()).isSuperset(of: Set(0..<7)), "every truth has its best anchor")
  }
}
