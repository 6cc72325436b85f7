import DetBasics
import Foundation
import Testing

@testable import DetMetrics

/// A case of Goldens/coco_cases.py with what pycocotools makes of it.
struct COCOCase: Decodable {
  struct Truth: Decodable {
    struct Image: Decodable {
      let id: Int64
      let width: Int
      let height: Int
      let file_name: String
    }
    struct Category: Decodable {
      let id: Int64
      let name: String
    }
    struct Annotation: Decodable {
      let id: Int64
      let image_id: Int64
      let category_id: Int64
      let bbox: [Double]
      let area: Double
      let iscrowd: Int
    }
    let images: [Image]
    let categories: [Category]
    let annotations: [Annotation]
  }
  struct Found: Decodable {
    let image_id: Int64
    let category_id: Int64
    let bbox: [Double]
    let score: Double
  }
  struct Parameters: Decodable {
    let iouThresholds: [Double]?
    let detectionLimits: [Int]
    let usesCategories: Bool
  }
  struct Sums: Decodable {
    let precision: Double
    let recall: Double
    let scores: Double
  }
  /// Fingerprints of the tables' bits, by compare_random.py; the goldens have sums alone.
  struct Bits: Decodable {
    let precision: String
    let recall: String
    let scores: String
  }
  let seed: Int
  let truth: Truth
  let detections: [Found]
  let parameters: Parameters
  let stats: [Double]
  let sums: Sums
  let bits: Bits?

  var cocoParameters: COCOParameters {
    var result = COCOParameters(
      detectionLimits: parameters.detectionLimits, usesCategories: parameters.usesCategories)
    if let thresholds = parameters.iouThresholds { result.iouThresholds = thresholds }
    return result
  }

  var found: [DetectionEntry] { detections.map(\.detection) }

  /// Evaluates the case and states every disagreement with pycocotools.
  func disagreements(threads: Int) throws -> [String] {
    var evaluator = COCOEvaluator(
      truth: try truth.groundTruth(), parameters: cocoParameters, threads: threads)
    try evaluator.add(contentsOf: found)
    let result = evaluator.finish()
    var problems: [String] = []
    for ((name, mine), theirs) in zip(result.summary.named, stats)
    where !(abs(mine - theirs) <= 1e-12) {
      // With other limits pycocotools asks for AP50 and the like at its third limit: the same one.
      problems.append("seed \(seed): \(name) is \(mine), pycocotools says \(theirs)")
    }
    if let bits {
      for (name, table, theirs) in [
        ("precision", result.tables.precision, bits.precision),
        ("recall", result.tables.recall, bits.recall),
        ("scores", result.tables.scores, bits.scores),
      ] where Self.fingerprint(table) != theirs {
        problems.append("seed \(seed): the table \(name) is not pycocotools'")
      }
      return problems
    }
    let sums = [
      ("precision", result.tables.precision, self.sums.precision),
      ("recall", result.tables.recall, self.sums.recall),
      ("scores", result.tables.scores, self.sums.scores),
    ]
    for (name, table, theirs) in sums {
      let mine = Self.checksum(table)
      // Where terms of both signs cancel, numpy's sum and this one keep only the bits of the terms.
      let magnitude = Self.checksum(table.map(abs))
      if abs(mine - theirs) <= max(1e-12 * (1 + abs(theirs)), 1e-15 * magnitude) { continue }
      problems.append("seed \(seed): the table \(name) sums to \(mine), pycocotools' to \(theirs)")
    }
    return problems
  }

  /// The sum over all bits of compare_random.py.
  static func fingerprint(_ table: [Double]) -> String {
    var sum: UInt64 = 0
    for (place, value) in table.enumerated() {
      sum &+= (value + 0).bitPattern &* (2 &* UInt64(place) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    }
    return "\(sum)"
  }

  /// The weighted sum of make_coco.py.
  static func checksum(_ table: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0  // Kahan's correction: numpy sums in pairs
    for (place, value) in table.enumerated() {
      let term = value * Double(1 + place % 97) - lost
      let next = sum + term
      lost = (next - sum) - term
      sum = next
    }
    return sum
  }
}

extension COCOCase.Truth {
  func groundTruth() throws -> GroundTruth {
    try GroundTruth(
      images: images.map {
        GroundTruth.Image(id: $0.id, width: $0.width, height: $0.height, fileName: $0.file_name)
      },
      categories: categories.map { GroundTruth.Category(id: $0.id, name: $0.name) },
      annotations: annotations.map {
        GroundTruth.Annotation(
          id: $0.id, imageID: $0.image_id, categoryID: $0.category_id, box: Scene.box($0.bbox),
          area: $0.area, isCrowd: $0.iscrowd == 1)
      })
  }
}

extension COCOCase.Found {
  var detection: DetectionEntry {
    DetectionEntry(
      imageID: image_id, categoryID: category_id, box: Scene.box(bbox), score: score)
  }
}
