import DetBasics

@testable import DetMetrics

/// A small evaluation drawn at random from what provokes disagreement: crowds, ignored boxes, equal scores, equal overlaps, boxes of no
/// area, images without anything, ids beyond 32 bits, the id 0, more detections than the limits, areas on the edges of
/// the ranges and apart from their boxes.
struct RandomCase: CustomStringConvertible {
  var images: [GroundTruth.Image]
  var categories: [GroundTruth.Category]
  var annotations: [GroundTruth.Annotation] = []
  var detections: [DetectionEntry] = []
  var parameters: COCOParameters

  init(_ generator: inout Generator) {
    let first: Int64 = generator.index(below: 5) == 0 ? 1 << 40 : Int64(generator.index(below: 2))
    images = (0...generator.index(below: 4)).map { GroundTruth.Image(id: first + 3 * Int64($0)) }
    categories = (0...generator.index(below: 3)).map {
      GroundTruth.Category(id: first + 2 * Int64($0), name: "\($0)")
    }
    if generator.index(below: 2) == 0 { images.reverse() }
    parameters = Self.parameters(&generator)
    let isGrid = generator.index(below: 2) == 0
    let firstID: Int64 = [0, 1, 1 << 40][generator.index(below: 3)]
    for number in 0..<generator.index(below: 9) {
      let box = Self.box(&generator, isGrid: isGrid)
      var annotation = GroundTruth.Annotation(
        id: firstID + Int64(number), imageID: images[generator.index(below: images.count)].id,
        categoryID: categories[generator.index(below: categories.count)].id, box: box,
        isCrowd: generator.index(below: 7) == 0, isIgnored: generator.index(below: 5) == 0)
      if generator.index(below: 3) == 0 {
        annotation.area = [0, 1024, 1024.5, 9216, 1e10, 2e10][generator.index(below: 6)]
      }
      annotations.append(annotation)
    }
    for number in annotations.indices.reversed() {
      annotations.swapAt(number, generator.index(below: number + 1))
    }
    addDetections(&generator, isGrid: isGrid)
  }

  private mutating func addDetections(_ generator: inout Generator, isGrid: Bool) {
    let kinds = [[0.5], [0.1, 0.5, 0.9], [0, -1, 1, -0.0]]
    let kind = generator.index(below: kinds.count + 1)
    for _ in 0..<generator.index(below: 13) {
      var detection = DetectionEntry(
        imageID: images[generator.index(below: images.count)].id,
        categoryID: categories[generator.index(below: categories.count)].id,
        box: Self.box(&generator, isGrid: isGrid), score: generator.uniform())
      if kind < kinds.count {
        detection.score = kinds[kind][generator.index(below: kinds[kind].count)]
      }
      if !annotations.isEmpty, generator.index(below: 4) > 0 {
        let target = annotations[generator.index(below: annotations.count)]
        (detection.imageID, detection.box) = (target.imageID, target.box)
        if generator.index(below: 8) > 0 { detection.categoryID = target.categoryID }
        if generator.index(below: 2) == 0 { detection.box.x += 4 * generator.uniform() - 2 }
        if generator.index(below: 2) == 0 { detection.box.width *= 0.8 + 0.4 * generator.uniform() }
      }
      detections.append(detection)
    }
  }

  private static func box(_ generator: inout Generator, isGrid: Bool) -> COCOBox {
    if isGrid {  // a coarse grid makes equal overlaps
      let sides = (0..<4).map { _ in Double(8 * generator.index(below: 5)) }
      return COCOBox(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
    }
    let side = [24.0, 160][generator.index(below: 2)]
    return COCOBox(
      x: side * generator.uniform() - 10, y: side * generator.uniform() - 10,
      width: side * generator.uniform(), height: side * generator.uniform())
  }

  private static func parameters(_ generator: inout Generator) -> COCOParameters {
    var parameters = COCOParameters(
      recallThresholds: COCOParameters.steps(from: 0, to: 1, count: 11))
    let overlaps: [[Double]] = [[0.5], [0.5, 0.75], [0, 0.3, 0.9], [0.1, 0.5, 1]]
    parameters.iouThresholds = overlaps[generator.index(below: overlaps.count)]
    let limits = [[1, 10, 100], [1, 2, 3], [2]]
    parameters.detectionLimits = limits[generator.index(below: limits.count)]
    parameters.usesCategories = generator.index(below: 8) > 0
    parameters.leavesIgnoredOut = generator.index(below: 2) == 0
    return parameters
  }

  /// Where the fast evaluator and the reference differ by more than 1e-12; nil when they agree.
  func disagreement(alter: (inout COCOParameters) -> Void = { _ in }) throws -> String? {
    let truth = try GroundTruth(
      images: images, categories: categories, annotations: annotations)
    var altered = parameters
    alter(&altered)
    var evaluator = COCOEvaluator(truth: truth, parameters: altered, threads: 1)
    try evaluator.add(contentsOf: detections)
    let mine = evaluator.finish().tables
    let theirs = ReferenceEvaluator(truth: truth, detections: detections, parameters: parameters)
      .tables()
    for (name, left, right) in [
      ("precision", mine.precision, theirs.precision), ("recall", mine.recall, theirs.recall),
      ("scores", mine.scores, theirs.scores),
    ] {
      if left.count != right.count { return "\(name): \(left.count) numbers, not \(right.count)" }
      for place in left.indices where !(abs(left[place] - right[place]) <= 1e-12) {
        return "\(name)[\(place)] is \(left[place]), the reference says \(right[place])"
      }
    }
    return nil
  }

  /// Takes away detections, truths and images for as long as `fails` holds.
  func shrunk(while fails: (RandomCase) throws -> Bool) rethrows -> RandomCase {
    var smallest = self
    var shrinks = true
    while shrinks {
      shrinks = false
      for place in smallest.detections.indices.reversed() {
        var smaller = smallest
        smaller.detections.remove(at: place)
        if try fails(smaller) { (smallest, shrinks) = (smaller, true) }
      }
      for place in smallest.annotations.indices.reversed() {
        var smaller = smallest
        smaller.annotations.remove(at: place)
        if try fails(smaller) { (smallest, shrinks) = (smaller, true) }
      }
    }
    return smallest
  }

  var description: String {
    let truths = annotations.map {
      "  truth \($0.id): image \($0.imageID), class \($0.categoryID), \($0.box), area \($0.area)"
        + ($0.isCrowd ? ", crowd" : "") + ($0.isIgnored ? ", ignored" : "")
    }
    let found = detections.map {
      "  found: image \($0.imageID), class \($0.categoryID), \($0.box), score \($0.score)"
    }
    let header =
      "images \(images.map(\.id)), classes \(categories.map(\.id)), "
      + "overlaps \(parameters.iouThresholds), limits \(parameters.detectionLimits), "
      + "by class: \(parameters.usesCategories), ignored left out: \(parameters.leavesIgnoredOut)"
    return ([header] + truths + found).joined(separator: "\n")
  }
}
