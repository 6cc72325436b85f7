/// Pairs the detections with the truths of one cell: one image, one class.
///
/// The outcome is that of pycocotools' `evaluateImg`: per area range and IoU threshold each detection, best
/// score first, takes the free truth it overlaps most, real truths before ignored ones, the later one among
/// equals; crowds, and what else is left out, stay free. Only pairs whose overlap reaches the least threshold are looked at, and all
/// thresholds of a detection with one such truth are settled by one operation on bit masks.
struct CellMatcher {
  /// What became of a detection in one area range: bit t stands for threshold t.
  struct Outcome {
    var right: UInt64 = 0
    var ignored: UInt64 = 0
  }

  private struct Candidate {
    let truth: Int
    let overlap: Double
    let thresholds: UInt64  // those that the overlap reaches
  }

  private let floors: [Double]  // the thresholds as pycocotools compares them
  private let leastFloor: Double
  private let ranges: [AreaRange]

  private var candidates: [Candidate] = []
  private var candidateStarts: [Int] = []
  private var taken: [UInt64] = []
  private var isIgnored: [Bool] = []  // one row per area range

  /// The detections that overlap some truth enough, by their place in the cell.
  private(set) var touched: [Int] = []
  /// `touched.count` rows of one outcome per area range.
  private(set) var outcomes: [Outcome] = []

  init(_ parameters: COCOParameters) {
    floors = parameters.iouThresholds.map { min($0, 1 - 1e-10) }
    leastFloor = floors.min() ?? 0
    ranges = parameters.areaRanges
  }

  /// Matches the detection boxes, best score first, with the truths `from ..< upTo` of the index.
  mutating func match(
    _ detections: UnsafeBufferPointer<COCOBox>, _ index: TruthView, from: Int, upTo: Int
  ) {
    touched.removeAll(keepingCapacity: true)
    outcomes.removeAll(keepingCapacity: true)
    findCandidates(detections, index, from: from, upTo: upTo)
    if touched.isEmpty { return }
    let empty = Outcome()
    for _ in 0..<touched.count * ranges.count { outcomes.append(empty) }
    let width = upTo - from
    isIgnored.removeAll(keepingCapacity: true)
    for range in ranges.indices {
      for truth in from..<upTo {
        let isOutside = !ranges[range].contains(index.areas[truth])
        isIgnored.append(index.isLeftOut[truth] || isOutside)
      }
      // Area ranges that ignore the same truths have the same pairs.
      if let same = (0..<range).first(where: { ignoresAlike($0, range, width) }) {
        for row in touched.indices {
          outcomes[row * ranges.count + range] = outcomes[row * ranges.count + same]
        }
      } else {
        assign(range, index, from: from, width: width)
      }
    }
  }

  private func ignoresAlike(_ left: Int, _ right: Int, _ width: Int) -> Bool {
    for truth in 0..<width where isIgnored[left * width + truth] != isIgnored[right * width + truth]
    {
      return false
    }
    return true
  }

  private mutating func findCandidates(
    _ detections: UnsafeBufferPointer<COCOBox>, _ index: TruthView, from: Int, upTo: Int
  ) {
    candidates.removeAll(keepingCapacity: true)
    candidateStarts.removeAll(keepingCapacity: true)
    for (place, box) in detections.enumerated() {
      let before = candidates.count
      for truth in from..<upTo {
        let overlap = box.intersectionOverUnion(index.boxes[truth], isCrowd: index.isCrowd[truth])
        // "Not less" rather than "at least": an overlap that is NaN passes, as it does in pycocotools.
        if overlap < leastFloor { continue }
        var thresholds: UInt64 = 0
        for (bit, floor) in floors.enumerated() where !(overlap < floor) {
          thresholds |= 1 << UInt64(bit)
        }
        candidates.append(
          Candidate(truth: truth - from, overlap: overlap, thresholds: thresholds))
      }
      if candidates.count > before {
        touched.append(place)
        candidateStarts.append(before)
      }
    }
    candidateStarts.append(candidates.count)
  }

  private mutating func assign(
    _ range: Int, _ index: TruthView, from: Int, width: Int
  ) {
    let ignoredRow = range * width
    taken.removeAll(keepingCapacity: true)
    for _ in 0..<width { taken.append(0) }
    for row in touched.indices {
      let (first, last) = (candidateStarts[row], candidateStarts[row + 1])
      var outcome = Outcome()
      if last - first == 1 {
        let candidate = candidates[first]
        let truth = candidate.truth
        let staysFree = index.isLeftOut[from + truth]
        let won = staysFree ? candidate.thresholds : candidate.thresholds & ~taken[truth]
        taken[truth] |= won
        note(won, isIgnored[ignoredRow + truth], index.isVoid[from + truth], &outcome)
      } else {
        for bit in floors.indices {
          let places = first..<last
          guard let truth = best(places, bit, index, from: from, ignoredRow) else { continue }
          taken[truth] |= 1 << UInt64(bit)
          note(
            1 << UInt64(bit), isIgnored[ignoredRow + truth], index.isVoid[from + truth], &outcome)
        }
      }
      outcomes[row * ranges.count + range] = outcome
    }
  }

  @inline(__always)
  private func note(_ won: UInt64, _ ignored: Bool, _ void: Bool, _ outcome: inout Outcome) {
    if ignored { outcome.ignored |= won } else if !void { outcome.right |= won }
  }

  /// The truth that the detection takes at one threshold; real truths first, then ignored ones.
  @inline(__always)
  private func best(
    _ places: Range<Int>, _ bit: Int, _ index: TruthView, from: Int, _ ignoredRow: Int
  ) -> Int? {
    for wantsIgnored in [false, true] {
      var overlap = floors[bit]
      var truth: Int?
      for place in places {
        let candidate = candidates[place]
        guard isIgnored[ignoredRow + candidate.truth] == wantsIgnored else { continue }
        let isTaken = taken[candidate.truth] >> UInt64(bit) & 1 == 1
        if isTaken && !index.isLeftOut[from + candidate.truth] { continue }
        if candidate.overlap < overlap { continue }
        overlap = candidate.overlap
        truth = candidate.truth
      }
      if truth != nil { return truth }
    }
    return nil
  }
}

/// The columns of a ``TruthIndex`` without reference counting or bounds checks, for inner loops.
struct TruthView: @unchecked Sendable {  // read only, and only while lent
  let imageOf: UnsafeBufferPointer<Int32>
  let boxes: UnsafeBufferPointer<COCOBox>
  let areas: UnsafeBufferPointer<Double>
  let isCrowd: UnsafeBufferPointer<Bool>
  let isLeftOut: UnsafeBufferPointer<Bool>
  let isVoid: UnsafeBufferPointer<Bool>
}

extension TruthIndex {
  /// Lends the columns to `body`.
  func withView<Result>(_ body: (TruthView) throws -> Result) rethrows -> Result {
    try imageOf.withUnsafeBufferPointer { imageOf in
      try boxes.withUnsafeBufferPointer { boxes in
        try areas.withUnsafeBufferPointer { areas in
          try isCrowd.withUnsafeBufferPointer { isCrowd in
            try isLeftOut.withUnsafeBufferPointer { isLeftOut in
              try isVoid.withUnsafeBufferPointer { isVoid in
                try body(
                  TruthView(
                    imageOf: imageOf, boxes: boxes, areas: areas, isCrowd: isCrowd,
                    isLeftOut: isLeftOut, isVoid: isVoid))
              }
            }
          }
        }
      }
    }
  }
}
