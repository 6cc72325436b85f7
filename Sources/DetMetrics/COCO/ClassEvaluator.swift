/// Evaluates one class after another, each from its detections to its precision–recall curves; one a thread.
///
/// Only detections that overlap a truth can be right, and few do. So a class's detections are sorted and
/// counted by area and limit in one walk, and everything per threshold is done for those few alone: the
/// wrong ones before a place are all that count there, less those that were matched.
final class ClassEvaluator {
  private let parameters: COCOParameters
  private let areas: Int
  private let limits: Int
  @exclusivity(unchecked) private var matcher: CellMatcher

  private let sorter = ScoreSorter()

  // One entry per detection that an image's limit admits, in the order (image, falling score).
  private let keys = Scratch<UInt64>()
  private let order = Scratch<Int32>()
  private let places = Scratch<Int32>()
  private let codes = Scratch<UInt16>()  // limit it falls under, then one bit per area range
  private let rows = Scratch<Int32>()  // row of `outcomes`, or -1
  private var admitted = 0
  @exclusivity(unchecked) private var outcomes: [CellMatcher.Outcome] = []

  // One detection's image and class.
  private let cellKeys = Scratch<UInt64>()
  private let cellOrder = Scratch<Int32>()
  private let cellBoxes = Scratch<COCOBox>()

  /// For each code what it adds to the counts `[area, limit]`.
  private let increments = Scratch<Int32>()
  private let counts = Scratch<Int32>()
  private let curves: CurveBuilder

  init(_ parameters: COCOParameters) {
    self.parameters = parameters
    areas = parameters.areaRanges.count
    limits = parameters.detectionLimits.count
    matcher = CellMatcher(parameters)
    curves = CurveBuilder(parameters)
    increments.reserve((limits << areas) * areas * limits)
    var slot = 0
    for code in 0..<(limits << areas) {
      for area in 0..<areas {
        for limit in 0..<limits {
          let isCounted = code >> area & 1 == 1 && code >> areas <= limit
          increments[slot] = isCounted ? 1 : 0
          slot += 1
        }
      }
    }
  }

  /// Evaluates class `place`; `order` are its detections' places in `records`, sorted by image.
  func evaluate(
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
    sorter.sort(keys: keys.base, places: order.base, count: admitted)
    countTruths(place, truths, view, tables)
    walk(records)
    curves.write(place, outcomes, tables)
  }

  /// The admitted detections of the class evaluated last, best score first: place in the store, whether the
  /// detection lies in the first area range, and its outcome there.
  func forEachRanked(_ body: (Int32, Bool, CellMatcher.Outcome) -> Void) {
    for step in 0..<admitted {
      let entry = Int(order[step])
      let row = Int(rows[entry])
      let outcome = row < 0 ? CellMatcher.Outcome() : outcomes[row * areas]
      body(places[entry], codes[entry] & 1 == 1, outcome)
    }
  }

  private func reserve(_ count: Int) {
    keys.reserve(count)
    order.reserve(count)
    places.reserve(count)
    codes.reserve(count)
    rows.reserve(count)
    cellKeys.reserve(count)
    cellOrder.reserve(count)
  }

  /// Sorts one cell's detections by falling score into `cellKeys` and `cellOrder`; returns their number.
  private func sortCell(
    _ records: UnsafeBufferPointer<DetectionStore.Record>,
    _ sorted: UnsafeBufferPointer<Int32>, _ cell: Range<Int>
  ) -> Int {
    for (step, place) in cell.enumerated() {
      cellKeys[step] = ScoreSorter.key(records[Int(sorted[place])].score)
      cellOrder[step] = sorted[place]
    }
    sorter.sort(keys: cellKeys.base, places: cellOrder.base, count: cell.count)
    return cell.count
  }

  private func admit(
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

  private func match(
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
      for truth in truths where !view.isLeftOut[truth] {
        if parameters.areaRanges[range].contains(view.areas[truth]) { count += 1 }
      }
      tables.truthCounts[place * areas + range] = count
    }
  }

  /// Counts along the falling score, and hands each matched detection with the counts there to the curves.
  private func walk(_ records: UnsafeBufferPointer<DetectionStore.Record>) {
    let width = areas * limits
    curves.start(capacity: outcomes.count / areas)
    counts.reserve(width)
    counts.base.update(repeating: 0, count: width)
    let totals = counts.base
    for step in 0..<admitted {
      let entry = Int(order[step])
      let code = Int(codes[entry])
      let increment = increments.base + code * width
      for column in 0..<width { totals[column] &+= increment[column] }
      if step == 0 { curves.bestScore = records[Int(places[entry])].score }
      guard rows[entry] >= 0 else { continue }
      let score = records[Int(places[entry])].score
      curves.add(row: rows[entry], code: code, score: score, totals)
    }
    curves.detections = admitted
  }
}
