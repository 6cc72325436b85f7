/// Evaluates one class after another, each from its detections to its precision–recall curves; one a thread.
///
/// Only detections that overlap a truth can be right, and few do. So a class's detections are sorted and
/// counted by area and limit in one walk, and everything per threshold is done for those few alone: the
/// wrong ones before a place are all that count there, less those that were matched.
struct ClassEvaluator: ~Copyable {
  private let parameters: CocoParameters
  private let areas: Int
  private let limits: Int
  private var matcher: CellMatcher

  // One entry per detection that an image's limit admits, in the order (image, falling score).
  private var keys = Scratch<UInt64>()
  private var order = Scratch<Int32>()
  private var otherKeys = Scratch<UInt64>()
  private var otherOrder = Scratch<Int32>()
  private var places = Scratch<Int32>()
  private var codes = Scratch<UInt16>()  // limit it falls under, then one bit per area range
  private var rows = Scratch<Int32>()  // row of `outcomes`, or -1
  private var admitted = 0
  private var outcomes: [CellMatcher.Outcome] = []

  // One detection's image and class.
  private var cellKeys = Scratch<UInt64>()
  private var cellOrder = Scratch<Int32>()
  private var cellBoxes = Scratch<CocoBox>()

  /// For each code what it adds to the counts `[area, limit]`.
  private let increments: [Int32]
  private var curves: CurveBuilder

  init(_ parameters: CocoParameters) {
    self.parameters = parameters
    areas = parameters.areaRanges.count
    limits = parameters.detectionLimits.count
    matcher = CellMatcher(parameters)
    curves = CurveBuilder(parameters)
    var increments: [Int32] = []
    for code in 0..<(limits << areas) {
      for area in 0..<areas {
        for limit in 0..<limits {
          increments.append(code >> area & 1 == 1 && code >> areas <= limit ? 1 : 0)
        }
      }
    }
    self.increments = increments
  }

  /// Evaluates class `place`; `order` are its detections' places in `records`, sorted by image.
  mutating func evaluate(
    _ place: Int, _ records: UnsafeBufferPointer<DetectionStore.Record>,
    order sorted: UnsafeBufferPointer<Int32>, truths: Range<Int>, _ view: TruthView,
    into tables: TableSlots
  ) {
    let most = parameters.detectionLimits.last ?? 0
    reserve(sorted.count)
    admitted = 0
    outcomes.removeAll(keepingCapacity: true)
    var start = 0
    var truth = truths.lowerBound
    while start < sorted.count {
      let image = records[Int(sorted[start])].image
      var end = start + 1
      while end < sorted.count, records[Int(sorted[end])].image == image { end += 1 }
      let kept = min(most, sortCell(records, sorted, start..<end))
      while truth < truths.upperBound, view.imageOf[truth] < image { truth += 1 }
      var truthEnd = truth
      while truthEnd < truths.upperBound, view.imageOf[truthEnd] == image { truthEnd += 1 }
      admit(kept, records)
      if truthEnd > truth { match(kept, records, truth..<truthEnd, view) }
      start = end
    }
    otherKeys.reserve(admitted)
    otherOrder.reserve(admitted)
    ScoreOrder.sort(
      keys: keys.base, places: order.base, otherKeys: otherKeys.base,
      otherPlaces: otherOrder.base, count: admitted)
    countTruths(place, truths, view, tables)
    walk(records)
    curves.write(place, outcomes, tables)
  }

  private mutating func reserve(_ count: Int) {
    keys.reserve(count)
    order.reserve(count)
    places.reserve(count)
    codes.reserve(count)
    rows.reserve(count)
    cellKeys.reserve(count)
    cellOrder.reserve(count)
  }

  /// Sorts one cell's detections by falling score into `cellKeys` and `cellOrder`; returns their number.
  private mutating func sortCell(
    _ records: UnsafeBufferPointer<DetectionStore.Record>,
    _ sorted: UnsafeBufferPointer<Int32>, _ cell: Range<Int>
  ) -> Int {
    for (step, place) in cell.enumerated() {
      cellKeys[step] = ScoreOrder.key(records[Int(sorted[place])].score)
      cellOrder[step] = sorted[place]
    }
    if cell.count > 1 {
      otherKeys.reserve(cell.count)
      otherOrder.reserve(cell.count)
      ScoreOrder.sort(
        keys: cellKeys.base, places: cellOrder.base, otherKeys: otherKeys.base,
        otherPlaces: otherOrder.base, count: cell.count)
    }
    return cell.count
  }

  private mutating func admit(
    _ kept: Int, _ records: UnsafeBufferPointer<DetectionStore.Record>
  ) {
    var limit = 0
    for rank in 0..<kept {
      while rank >= parameters.detectionLimits[limit] { limit += 1 }
      let place = cellOrder[rank]
      let area = records[Int(place)].box.area
      var code = limit << areas
      for range in 0..<areas where parameters.areaRanges[range].contains(area) {
        code |= 1 << range
      }
      let entry = admitted + rank
      keys[entry] = cellKeys[rank]
      order[entry] = Int32(entry)
      places[entry] = place
      codes[entry] = UInt16(code)
      rows[entry] = -1
    }
    admitted += kept
  }

  private mutating func match(
    _ kept: Int, _ records: UnsafeBufferPointer<DetectionStore.Record>, _ truths: Range<Int>,
    _ view: TruthView
  ) {
    cellBoxes.reserve(kept)
    for rank in 0..<kept { cellBoxes[rank] = records[Int(cellOrder[rank])].box }
    let boxes = UnsafeBufferPointer(start: cellBoxes.base, count: kept)
    matcher.match(boxes, view, from: truths.lowerBound, upTo: truths.upperBound)
    var row = Int32(outcomes.count / areas)
    for rank in matcher.touched {
      rows[admitted - kept + rank] = row
      row += 1
    }
    if !matcher.touched.isEmpty { outcomes.append(contentsOf: matcher.outcomes) }
  }

  private func countTruths(
    _ place: Int, _ truths: Range<Int>, _ view: TruthView,
    _ tables: TableSlots
  ) {
    for range in 0..<areas {
      var count = 0
      for truth in truths where !view.isCrowd[truth] {
        if parameters.areaRanges[range].contains(view.areas[truth]) { count += 1 }
      }
      tables.truthCounts[place * areas + range] = count
    }
  }

  /// Counts along the falling score, and hands each matched detection with the counts there to the curves.
  private mutating func walk(_ records: UnsafeBufferPointer<DetectionStore.Record>) {
    let width = areas * limits
    curves.start(capacity: outcomes.count / areas)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { counts in
      counts.initialize(repeating: 0)
      increments.withUnsafeBufferPointer { increments in
        for step in 0..<admitted {
          let entry = Int(order[step])
          let code = Int(codes[entry])
          let row = code * width
          for column in 0..<width { counts[column] &+= increments[row + column] }
          if step == 0 { curves.bestScore = records[Int(places[entry])].score }
          guard rows[entry] >= 0 else { continue }
          let score = records[Int(places[entry])].score
          curves.add(row: rows[entry], code: code, score: score, counts)
        }
      }
    }
    curves.detections = admitted
  }
}
