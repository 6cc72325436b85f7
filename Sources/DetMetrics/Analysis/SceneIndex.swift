/// Truths and detections by image, for analyses that look at an image as a whole rather than at one class.
struct SceneIndex: Sendable {
  struct Truth: Sendable {
    let image: Int
    let category: Int
    let box: COCOBox
    let isCrowd: Bool
    let isIgnored: Bool
    /// True when it counts neither way in COCO's evaluation.
    let isLeftOut: Bool

    /// True when it counts neither way in VOC's evaluation.
    var isExempt: Bool { isCrowd || isIgnored }
  }

  struct Found: Sendable {
    let image: Int
    let category: Int
    let box: COCOBox
    let score: Double
    /// Where it stood among all detections: decides between equal scores.
    let order: Int
  }

  let categories: [GroundTruth.Category]
  let imageCount: Int
  /// Sorted by image, then as in the truth's list.
  let truths: [Truth]
  let truthStarts: [Int]
  /// Sorted by image, then as they were added.
  let found: [Found]
  let foundStarts: [Int]

  /// The truths and the detections of an evaluator, those of at least `score`.
  init(_ evaluator: COCOEvaluator, fromScore score: Double = -.infinity) {
    let index = evaluator.index
    categories = evaluator.truth.categories.sorted { $0.id < $1.id }
    imageCount = index.images.count
    let annotations = evaluator.truth.annotations
    let imageKeys = annotations.map { index.images.index(of: $0.imageID) ?? 0 }
    let all = annotations.indices.map(Int32.init)
    let order = CountingSort.order(all, by: imageKeys, below: imageCount)
    truthStarts = CountingSort.starts(imageKeys, below: imageCount)
    truths = order.map { place in
      let annotation = annotations[Int(place)]
      return Truth(
        image: Int(imageKeys[Int(place)]),
        category: Int(index.categories.index(of: annotation.categoryID) ?? 0),
        box: annotation.box, isCrowd: annotation.isCrowd, isIgnored: annotation.isIgnored,
        isLeftOut: evaluator.parameters.leavesOut(annotation))
    }
    let records = evaluator.store.records.filter { $0.score >= score }
    let keys = records.map(\.image)
    let sorted = CountingSort.order(
      records.indices.map(Int32.init), by: keys, below: imageCount)
    foundStarts = CountingSort.starts(keys, below: imageCount)
    found = sorted.map { place in
      let record = records[Int(place)]
      return Found(
        image: Int(record.image), category: Int(record.category), box: record.box,
        score: record.score, order: Int(place))
    }
  }

  func truths(inImage image: Int) -> Range<Int> { truthStarts[image]..<truthStarts[image + 1] }

  func detections(inImage image: Int) -> Range<Int> { foundStarts[image]..<foundStarts[image + 1] }

  func detections(ofClass category: Int) -> [Found] { found.filter { $0.category == category } }
}
