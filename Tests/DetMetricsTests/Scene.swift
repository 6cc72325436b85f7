import DetMetrics

/// Small scenes from literal numbers.
enum Scene {
  /// Truths as (image, category, [x, y, width, height]) with ids from 1; images 1 to 9.
  static func truth(
    _ boxes: [(Int64, Int64, [Double])], categories: [Int64] = [1, 2], images: Int64 = 9
  ) throws -> GroundTruth {
    try GroundTruth(
      images: (1...images).map { GroundTruth.Image(id: $0, width: 100, height: 100) },
      categories: categories.map { GroundTruth.Category(id: $0, name: "class \($0)") },
      annotations: boxes.enumerated().map { place, one in
        GroundTruth.Annotation(
          id: Int64(place + 1), imageID: one.0, categoryID: one.1, box: box(one.2))
      })
  }

  static func detection(
    _ image: Int64, _ category: Int64, _ sides: [Double], _ score: Double
  ) -> DetectionEntry {
    DetectionEntry(imageID: image, categoryID: category, box: box(sides), score: score)
  }

  static func box(_ sides: [Double]) -> COCOBox {
    COCOBox(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
  }

  /// A result with a few right, wrong and doubtful detections over the nine images.
  static func evaluator(shift: Double) throws -> COCOEvaluator {
    let truths = (1...9).map { (Int64($0), Int64(1 + $0 % 2), [10.0, 10, 20, 20]) }
    var evaluator = COCOEvaluator(truth: try truth(truths), threads: 2)
    for (image, category, _) in truths {
      let moved = [10 + shift * Double(image % 4), 10, 20, 20]
      try evaluator.add(
        image: image,
        detections: [
          detection(image, category, moved, 0.9 - 0.05 * Double(image)),
          detection(image, 1, [60, 60, 10, 10], 0.3 + 0.04 * Double(image)),
        ])
    }
    return evaluator
  }
}
