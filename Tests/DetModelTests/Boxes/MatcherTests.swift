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

  // MARK: - Ignored boxes

  private func ignoring(_ truths: [[Box]], _ ignored: [[Box]]) -> TruthBatch {
    TruthBatch(
      zip(truths, ignored).map {
        ImageTargets(boxes: $0, labels: $0.map { _ in 0 }, ignored: $1)
      })
  }

  /// What counts is the share of the box itself, however small it is beside the ignored one.
  @Test func backgroundOfWhichMoreThanHalfIsIgnoredIsNeither() {
    let crowd = Box(x0: 0, y0: 0, x1: 10, y1: 1)
    let found = Matcher.regions(step: 0)(
      bars([1, 10, 19, 20, 21]), counts: [5], ignoring([[]], [[crowd]]))
    #expect(found.integers() == [-2, -2, -2, -1, -1])
  }

  @Test func aBoxOfATruthStaysItsOwnInAnIgnoredBox() {
    let crowd = Box(x0: 0, y0: 0, x1: 100, y1: 1)
    let found = Matcher.proposals(
      bars([2, 5, 10]), counts: [3], ignoring([[bar]], [[crowd]]))
    #expect(found.integers() == [-2, -2, 0])
  }

  @Test func ignoredBoxesCountInTheirOwnImageAlone() {
    let found = Matcher.regions(step: 0)(
      bars([5, 5, 5]), counts: [1, 2], ignoring([[], []], [[], [bar]]))
    #expect(found.integers() == [-1, -2, -2])
  }

  @Test func gridsIgnoreAsTheirAnchorsDo() {
    let generator = AnchorGenerator(
      AnchorLayout(levels: [.p1, .p2], scales: [2, 3.5], ratios: [0.5, 1, 2]))
    let grids = generator.grids(over: [.zeros([2, 1, 12, 10]), .zeros([2, 1, 6, 5])])
    let boxes = Noise.boxList(9, 7, 40)
    let batch = ignoring([[boxes[0]], [boxes[1]]], [Array(boxes[2..<4]), Array(boxes[4...])])
    let anchors = grids.anchors()
    let expected = Matcher.proposals(
      .concatenated([anchors, anchors]), counts: [grids.count, grids.count], batch)
    #expect(Matcher.proposals(grids, batch).integers() == expected.integers())
    let without = truths([[boxes[0]], [boxes[1]]])
    #expect(expected.integers() != Matcher.proposals(grids, without).integers())
  }

  @Test func laterStepsLeaveOutWhatIsNeither() {
    let batch = ignoring([[bar], []], [[], [bar]])
    let regions = Regions(boxes: bars([10, 1, 5, 30]), counts: [2, 2])
    let matches = Matcher.regions(step: 0)(regions.boxes, counts: regions.counts, batch)
    #expect(matches.integers() == [0, -1, -2, -1])
    let targets = RegionTargets(regions: regions, matches: matches, truths: batch)
      .leavingNeitherOut(batch)
    #expect(targets.regions.counts == [2, 1])
    #expect(targets.regions.boxes.column(2).floats() == [10, 1, 30])
    #expect(targets.columns.integers() == [1, 0, 0])
  }
}
