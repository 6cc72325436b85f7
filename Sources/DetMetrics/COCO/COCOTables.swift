/// The numbers an evaluation ends in, for every class, area range, limit, IoU threshold and recall; -1 where
/// there is no truth to measure against.
struct COCOTables: Equatable, Sendable {
  /// How many of each there are, and where in the flat tables a number lies.
  struct Shape: Equatable, Sendable {
    let classes: Int
    let areas: Int
    let limits: Int
    let thresholds: Int
    let recalls: Int

    /// Where the recalls of a class, area and limit begin: one per threshold.
    func row(_ classPlace: Int, _ area: Int, _ limit: Int) -> Int {
      ((classPlace * areas + area) * limits + limit) * thresholds
    }
  }

  let shape: Shape
  /// Precision at each recall threshold: `[class, area, limit, threshold, recall]`.
  var precision: [Double]
  /// The score at which that precision is reached, same layout.
  var scores: [Double]
  /// The recall of all detections: `[class, area, limit, threshold]`.
  var recall: [Double]
  /// How many truths count: `[class, area]`.
  var truthCounts: [Int]

  init(classes: Int, _ parameters: COCOParameters) {
    shape = Shape(
      classes: classes, areas: parameters.areaRanges.count,
      limits: parameters.detectionLimits.count, thresholds: parameters.iouThresholds.count,
      recalls: parameters.recallThresholds.count)
    let rows = shape.row(classes, 0, 0)
    precision = [Double](repeating: -1, count: rows * shape.recalls)
    scores = precision
    recall = [Double](repeating: -1, count: rows)
    truthCounts = [Int](repeating: 0, count: classes * shape.areas)
  }
}

/// Where the classes write their numbers, each its own part, from several threads at once.
struct TableSlots: @unchecked Sendable {
  let shape: COCOTables.Shape
  let precision: UnsafeMutablePointer<Double>
  let scores: UnsafeMutablePointer<Double>
  let recall: UnsafeMutablePointer<Double>
  let truthCounts: UnsafeMutablePointer<Int>
}

extension COCOTables {
  /// Lends the tables for writing; nothing is lent when there are no classes.
  mutating func withSlots(_ body: (TableSlots) -> Void) {
    let shape = self.shape
    precision.withUnsafeMutableBufferPointer { precision in
      scores.withUnsafeMutableBufferPointer { scores in
        recall.withUnsafeMutableBufferPointer { recall in
          truthCounts.withUnsafeMutableBufferPointer { truthCounts in
            guard let precision = precision.baseAddress, let scores = scores.baseAddress,
              let recall = recall.baseAddress, let truthCounts = truthCounts.baseAddress
            else { return }
            body(
              TableSlots(
                shape: shape, precision: precision, scores: scores, recall: recall,
                truthCounts: truthCounts))
          }
        }
      }
    }
  }
}
