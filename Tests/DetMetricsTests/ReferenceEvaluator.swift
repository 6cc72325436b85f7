import DetMetrics

/// COCO's evaluation, slow and step by step after the text of pycocotools' `evaluateImg` and `accumulate`: lists of
/// whole numbers, no sharing, no shortcuts. What the fast evaluator says must be this.
struct ReferenceEvaluator {
  struct Tables: Equatable {
    var precision: [Double] = []  // [class, area, limit, threshold, recall]
    var scores: [Double] = []
    var recall: [Double] = []  // [class, area, limit, threshold]
  }

  /// One image and class in one area range: what `evaluateImg` returns.
  private struct Cell {
    var scores: [Double] = []
    var matches: [[Int64]] = []  // [threshold][detection]: the truth's id, 0 for none
    var isIgnored: [[Bool]] = []
    var truthIsIgnored: [Bool] = []
  }

  let truth: GroundTruth
  let detections: [DetectionEntry]
  let parameters: COCOParameters

  func tables() -> Tables {
    var tables = Tables()
    let classes: [Int64?] =
      parameters.usesCategories ? truth.categories.map(\.id).sorted() : [nil]
    for one in classes {
      for area in parameters.areaRanges {
        let cells = truth.images.map(\.id).sorted().compactMap { cell($0, one, area) }
        for limit in parameters.detectionLimits { accumulate(cells, limit, &tables) }
      }
    }
    return tables
  }

  private func cell(_ image: Int64, _ category: Int64?, _ area: AreaRange) -> Cell? {
    var truths = truth.annotations.filter { $0.imageID == image }
    var found = detections.filter { $0.imageID == image }
    if let category {
      truths = truths.filter { $0.categoryID == category }
      found = found.filter { $0.categoryID == category }
    } else {
      // pycocotools goes through the categories in order, and takes each one's rows.
      let order = truth.categories.map(\.id).sorted()
      truths = order.flatMap { id in truths.filter { $0.categoryID == id } }
      found = order.flatMap { id in found.filter { $0.categoryID == id } }
    }
    if truths.isEmpty && found.isEmpty { return nil }
    let isIgnored = truths.map { isOutside($0.area, area) || isLeftOut($0) }
    let order = truths.indices.filter { !isIgnored[$0] } + truths.indices.filter { isIgnored[$0] }
    truths = order.map { truths[$0] }
    let ranked = found.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }
    found = ranked.map(\.element).prefix(parameters.detectionLimits.max() ?? 0).map { $0 }
    var cell = Cell(scores: found.map(\.score), truthIsIgnored: order.map { isIgnored[$0] })
    for threshold in parameters.iouThresholds { match(found, truths, threshold, area, &cell) }
    return cell
  }

  private func match(
    _ found: [DetectionEntry], _ truths: [GroundTruth.Annotation], _ threshold: Double,
    _ area: AreaRange, _ cell: inout Cell
  ) {
    var isTaken = truths.map { _ in false }
    var matches: [Int64] = []
    var isIgnored: [Bool] = []
    for detection in found {
      var best = min(threshold, 1 - 1e-10)
      var match: Int?
      for (place, one) in truths.enumerated() {
        if isTaken[place] && !isLeftOut(one) { continue }
        if let match, !cell.truthIsIgnored[match], cell.truthIsIgnored[place] { break }
        let overlap = overlap(detection.box, one.box, isCrowd: one.isCrowd)
        if overlap < best { continue }
        best = overlap
        match = place
      }
      if let match {
        isTaken[match] = true
        matches.append(truths[match].id)
        isIgnored.append(cell.truthIsIgnored[match])
      } else {
        matches.append(0)
        isIgnored.append(false)
      }
    }
    for (place, detection) in found.enumerated() where matches[place] == 0 {
      if isOutside(detection.box.width * detection.box.height, area) { isIgnored[place] = true }
    }
    cell.matches.append(matches)
    cell.isIgnored.append(isIgnored)
  }

  private func isLeftOut(_ one: GroundTruth.Annotation) -> Bool {
    one.isCrowd || (parameters.leavesIgnoredOut && one.isIgnored)
  }

  private func accumulate(_ cells: [Cell], _ limit: Int, _ tables: inout Tables) {
    let recalls = parameters.recallThresholds
    let truths = cells.reduce(0) { $0 + $1.truthIsIgnored.count { !$0 } }
    var all: [(score: Double, order: Int, cell: Int, place: Int)] = []
    for (number, cell) in cells.enumerated() {
      for place in cell.scores.indices.prefix(limit) {
        all.append((cell.scores[place], all.count, number, place))
      }
    }
    all.sort { ($1.score, $0.order) < ($0.score, $1.order) }
    for threshold in parameters.iouThresholds.indices {
      guard truths > 0 else {
        tables.recall.append(-1)
        tables.precision += recalls.map { _ in -1 }
        tables.scores += recalls.map { _ in -1 }
        continue
      }
      var (right, wrong) = (0.0, 0.0)
      var (recall, precision): ([Double], [Double]) = ([], [])
      for one in all {
        let isMatched = cells[one.cell].matches[threshold][one.place] != 0
        if !cells[one.cell].isIgnored[threshold][one.place] {
          if isMatched { right += 1 } else { wrong += 1 }
        }
        recall.append(right / Double(truths))
        precision.append(right / (wrong + right + 2.220446049250313e-16))
      }
      for place in precision.indices.dropFirst().reversed() {
        precision[place - 1] = max(precision[place - 1], precision[place])
      }
      tables.recall.append(recall.last ?? 0)
      for wanted in recalls {
        let place = recall.firstIndex { $0 >= wanted }
        tables.precision.append(place.map { precision[$0] } ?? 0)
        tables.scores.append(place.map { all[$0].score } ?? 0)
      }
    }
  }

  private func isOutside(_ area: Double, _ range: AreaRange) -> Bool {
    area < range.lower || area > range.upper
  }

  private func overlap(_ found: COCOBox, _ truth: COCOBox, isCrowd: Bool) -> Double {
    let width = min(found.width + found.x, truth.width + truth.x) - max(found.x, truth.x)
    let height = min(found.height + found.y, truth.height + truth.y) - max(found.y, truth.y)
    if width <= 0 || height <= 0 { return 0 }
    let shared = width * height
    let foundArea = found.width * found.height
    return shared / (isCrowd ? foundArea : foundArea + truth.width * truth.height - shared)
  }
}
