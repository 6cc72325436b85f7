import TestSupport
import Testing

@testable import DetTensor

/// Compositions of tensor operations, which other devices take, against the native kernels.
struct CompositionTests {
  static func noise(_ key: Int, _ shape: [Int]) -> Tensor {
    let places = Tensor.arange(to: Double(shape.reduce(1, *)), dtype: .float64)
    let wave = (places * 12.9898 + Double(key) * 7.31).sin() * 43758.5453
    return ((wave - wave.floor()) * 2 - 1).reshaped(shape).to(.float32)
  }

  static func boxes(_ key: Int, _ count: Int, _ extent: Double) -> Tensor {
    let unit = noise(key, [count, 4]) / 2 + 0.5
    let side = unit.narrowed(dim: 1, from: 2, count: 2) * (extent / 2 - 4) + 4
    let corner = unit.narrowed(dim: 1, from: 0, count: 2) * (extent - side)
    return Tensor.concatenated([corner, corner + side], dim: 1)
  }

  private func both<Result>(_ body: () -> Result) -> (native: Result, composed: Result) {
    (body(), Composition.$isForced.withValue(true) { body() })
  }

  private func expectSame(_ results: (native: Tensor, composed: Tensor), tolerance: Double = 2e-5) {
    #expect(results.native.shape == results.composed.shape)
    #expect(results.native.dtype == results.composed.dtype)
    expectClose(results.composed.floats(), results.native.floats(), tolerance: tolerance)
  }

  private let extents = ImageExtents(heights: [60, 40], widths: [50, 64])

  private func grids() -> AnchorGrids {
    AnchorGrids(
      shapes: Tensor([-8, -8, 8, 8, -6, -12, 6, 12, -16, -16, 16, 16, -20, -9, 20, 9]),
      heights: [8, 4], widths: [8, 4])
  }

  @Test(arguments: [0.3, 0.7], [nil, 9] as [Int?])
  func suppressionKeepsTheSame(threshold: Double, limit: Int?) {
    let boxes = Self.boxes(1, 2500, 200)  // more than two blocks
    let scores = (Self.noise(2, [2500]) * 50).floor()  // with ties
    let groups = Tensor((0..<2500).map { $0 * 7 % 5 })
    for own in [nil, groups] {
      let kept = both {
        Tensor.suppressed(
          boxes: boxes, scores: scores, groups: own, threshold: threshold, limit: limit
        ).integers()
      }
      #expect(kept.native == kept.composed)
      #expect(limit == nil || kept.native.count == limit)
    }
  }

  @Test func suppressionPutsScoresThatAreNoNumbersLast() {
    let boxes = Self.boxes(1, 5, 400)
    let scores = Tensor([0.1, .nan, 3, -.infinity, 2] as [Float])
    let kept = both {
      Tensor.suppressed(boxes: boxes, scores: scores, threshold: 0.9).integers()
    }
    #expect(kept.native == [2, 4, 0, 1, 3])
    #expect(kept.composed == kept.native)
    let none = both {
      Tensor.suppressed(
        boxes: .zeros([0, 4]), scores: .zeros([0]), threshold: 0.5
      ).integers()
    }
    #expect(none.composed == none.native)
  }

  @Test func boxesAreCodedTheSame() {
    let (from, to) = (Self.boxes(1, 20, 90), Self.boxes(2, 20, 90))
    let deviations = [0.1, 0.1, 0.2, 0.2]
    expectSame(both { from.boxesEncoded(to, deviations: deviations) })
    let deltas = Self.noise(3, [20, 12]) * 4 + 1  // some beyond the most growth
    expectSame(both { from.boxesDecoded(deltas * 9, deviations: deviations) })
    let moved = from - 20
    expectSame(both { moved.boxesClipped(counts: [12, 8], to: extents) })
  }

  @Test(arguments: [false, true]) func boxesAndGridsAreMatchedTheSame(keepsBest: Bool) {
    let thresholds = MatchThresholds(low: 0.3, high: 0.5, keepsBestOfTruth: keepsBest)
    let truths = Self.boxes(4, 6, 60)
    for counts in [[4, 2], [6, 0], [0, 6]] {
      let boxes = Self.boxes(5, 40, 60)
      let matches = both {
        boxes.boxesMatched(counts: [30, 10], truths: truths, truthCounts: counts, thresholds)
      }
      #expect(matches.native.integers() == matches.composed.integers())
      for byCell in [false, true] {
        let found = both {
          grids().matched(truths: truths, truthCounts: counts, thresholds, byCell: byCell)
        }
        #expect(found.composed.shape == [2, byCell ? 80 : 160])
        #expect(found.native.integers() == found.composed.integers())
      }
    }
  }

  @Test(arguments: [[3, 1], [4, 0], [0, 4]]) func ignoredBoxesAreHonouredTheSame(counts: [Int]) {
    let thresholds = MatchThresholds(low: 0.3, high: 0.5, keepsBestOfTruth: true)
    let truths = Self.boxes(4, 3, 60)
    let ignored = IgnoredBoxes(boxes: Self.boxes(6, 4, 60), counts: counts)
    let boxes = Tensor.concatenated([Self.boxes(5, 39, 60), Tensor.zeros([1, 4])])
    func matched(_ ignored: IgnoredBoxes?) -> Tensor {
      boxes.boxesMatched(
        counts: [30, 10], truths: truths, truthCounts: [2, 1], ignored: ignored, thresholds)
    }
    func onGrids(_ ignored: IgnoredBoxes?, byCell: Bool) -> Tensor {
      grids().matched(
        truths: truths, truthCounts: [2, 1], ignored: ignored, thresholds, byCell: byCell)
    }
    expectOnlyBackgroundLeavesOut(both { matched(ignored) }, without: matched(nil))
    for byCell in [false, true] {
      expectOnlyBackgroundLeavesOut(
        both { onGrids(ignored, byCell: byCell) }, without: onGrids(nil, byCell: byCell))
    }
  }

  private func expectOnlyBackgroundLeavesOut(
    _ found: (native: Tensor, composed: Tensor), without: Tensor
  ) {
    #expect(found.native.integers() == found.composed.integers())
    let pairs = Array(zip(found.native.integers(), without.integers()))
    #expect(pairs.allSatisfy { $0 == $1 || ($0 == -2 && $1 == -1) })
    #expect(pairs.contains { $0 != $1 })
  }

  @Test func cellsTakeTheBestOfTheirAnchors() {
    let truths = Self.boxes(4, 6, 60)
    let thresholds = MatchThresholds(low: 0.3, high: 0.5, keepsBestOfTruth: false)
    func matches(byCell: Bool) -> [Int] {
      grids().matched(truths: truths, truthCounts: [6], thresholds, byCell: byCell).integers()
    }
    let (anchors, cells) = (matches(byCell: false), matches(byCell: true))
    for (cell, match) in cells.enumerated() {
      let own = anchors[2 * cell..<2 * cell + 2]
      #expect(
        match < 0
          ? match == own.min(by: { ($0 == -2 ? 0 : 1) < ($1 == -2 ? 0 : 1) }) : own.contains(match))
    }
    #expect(cells.contains { $0 >= 0 } && cells.contains(-2) && cells.contains(-1))
  }

  @Test func anchorsAndTheValuesAtThemAreTheSame() {
    expectSame(both { grids().anchors() })
    let indices = Tensor([0, 5, 159, 160, 319, 5] as [Int])
    func gathered() -> (Tensor, [Tensor]) {
      let maps = [Self.noise(1, [2, 8, 8, 8]), Self.noise(2, [2, 8, 4, 4]).channelsLast()]
      for map in maps { map.requiresGradient = true }
      let values = Tensor.gathered(maps: maps, each: 4, indices: indices)
      values.backward(Self.noise(3, [6, 4]))
      return (values, maps.compactMap(\.gradient))
    }
    let results = both(gathered)
    expectSame((results.native.0, results.composed.0))
    for pair in zip(results.native.1, results.composed.1) { expectSame(pair) }
  }

  @Test(arguments: [2.0, 1.5]) func focalLossesAreTheSame(gamma: Double) {
    let labels = Tensor((0..<320).map { $0 % 7 == 0 ? $0 % 3 : $0 % 11 == 0 ? -2 : -1 })
      .reshaped([2, 160])
    func loss() -> (Tensor, [Tensor]) {
      let maps = [Self.noise(1, [2, 6, 8, 8]) * 5, Self.noise(2, [2, 6, 4, 4]) * 5].map {
        $0.detached().requiringGradient()
      }
      let loss = Tensor.focalLoss(
        maps, labels: labels, classes: 3, imageWeights: [0.5, 0.25], alpha: 0.25, gamma: gamma)
      (loss * 3).backward()
      return (loss, maps.compactMap(\.gradient))
    }
    let results = both(loss)
    expectSame((results.native.0, results.composed.0))
    for pair in zip(results.native.1, results.composed.1) { expectSame(pair) }
  }

  @Test(arguments: [0, 2], [false, true])
  func regionsArePooledTheSameForwardAndBackward(ratio: Int, isAligned: Bool) {
    let regions = Tensor.concatenated([
      Self.boxes(3, 9, 120), Tensor([-9, 50, 30, 190, 5, 5, 5, 5, 0, 0, 128, 128], shape: [3, 4]),
    ])
    let pooling = RegionPooling(
      bins: 3, samplingRatio: ratio, isAligned: isAligned, canonicalSize: 56)
    func pooled() -> (Tensor, [Tensor]) {
      let levels = (0..<3).map {
        Self.noise(4 + $0, [2, 5, 32 >> $0, 32 >> $0]).requiringGradient()
      }
      let out = Tensor.regionsPooled(
        levels, strides: [4, 8, 16], regions: regions, counts: [7, 5], pooling)
      out.backward(Self.noise(9, out.shape))
      return (out, levels.map { $0.gradient ?? .zeros(like: $0) })
    }
    let results = both(pooled)
    expectSame((results.native.0, results.composed.0))
    for pair in zip(results.native.1, results.composed.1) { expectSame(pair) }
  }

  private func expectSame(_ found: (native: ScoredBoxes, composed: ScoredBoxes)) {
    #expect(found.native.counts == found.composed.counts)
    #expect(found.native.counts.allSatisfy { $0 > 1 })
    expectSame((found.native.scores, found.composed.scores))
    expectSame((found.native.boxes, found.composed.boxes), tolerance: 1e-4)
    #expect(found.native.labels?.integers() == found.composed.labels?.integers())
  }

  @Test(arguments: [false, true]) func proposalsAreTheSame(learnt: Bool) {
    let objectness = [Self.noise(1, [2, 2, 8, 8]), Self.noise(2, [2, 2, 4, 4])]
    objectness[0].narrowed(dim: 2, from: 0, count: 2).fill_(-Double.infinity)
    let deltas = [Self.noise(3, [2, 8, 8, 8]), Self.noise(4, [2, 8, 4, 4])]
    let selection = Selection(floor: 0, suppressionIoU: 0.6, mostPerLevel: 50, mostPerImage: 20)
    let anchors = learnt ? Self.boxes(6, 320, 60) : nil
    expectSame(
      both {
        grids().proposals(
          objectness: objectness, deltas: deltas, anchors: anchors, deviations: [1, 1, 1, 1],
          extents: extents, selection, smallest: 0.001)
      })
  }

  @Test func detectionsOfADenseHeadAreTheSame() {
    let logits = [Self.noise(1, [2, 6, 8, 8]) * 4, Self.noise(2, [2, 6, 4, 4]) * 4]
    let deltas = [Self.noise(3, [2, 8, 8, 8]), Self.noise(4, [2, 8, 4, 4])]
    let selection = Selection(floor: 0.3, suppressionIoU: 0.5, mostPerLevel: 80, mostPerImage: 30)
    expectSame(
      both {
        grids().detections(
          logits: logits, deltas: deltas, classes: 3, deviations: [1, 1, 1, 1], extents: extents,
          selection)
      })
  }

  @Test(arguments: [4, 16]) func detectionsOfARegionHeadAreTheSame(columns: Int) {
    let scores = (Self.noise(2, [40, 4]) * 3).softmax(1)
    let selection = Selection(floor: 0.2, suppressionIoU: 0.5, mostPerLevel: 80, mostPerImage: 30)
    let regions = Self.boxes(1, 40, 60)
    expectSame(
      both {
        ScoredBoxes.detections(
          regions: regions, counts: [25, 15], scores: scores,
          deltas: Self.noise(3, [40, columns]), deviations: [0.1, 0.1, 0.2, 0.2],
          extents: extents, selection)
      })
  }
}

extension AnchorGrids {
  /// Two shapes a cell on two levels of strides 8 and 16.
  fileprivate init(shapes: Tensor, heights: [Int], widths: [Int]) {
    self.init(
      shapes: shapes.reshaped([4, 4]), shapeCounts: [2, 2], heights: heights, widths: widths,
      strides: [8, 16])
  }
}
