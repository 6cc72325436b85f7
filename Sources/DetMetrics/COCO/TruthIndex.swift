/// The truths sorted by (category, image), flat, as the evaluation walks them.
struct TruthIndex: Sendable {
  let images: IDTable
  let categories: IDTable
  /// One class for all when categories do not count.
  let classCount: Int

  /// Where the truths of each class begin; one more entry than classes.
  let starts: [Int]
  let imageOf: [Int32]
  let boxes: [COCOBox]
  let areas: [Double]
  let isCrowd: [Bool]
  /// A truth that counts neither way: a crowd, or one that is ignored where the parameters leave those out.
  let isLeftOut: [Bool]
  /// A truth that, once matched, leaves its detection "unmatched": pycocotools' reading of id 0.
  let isVoid: [Bool]
  /// Where in the truth's own list each stood.
  let originals: [Int32]

  init(_ truth: GroundTruth, _ parameters: COCOParameters) {
    let images = IDTable(truth.images.map(\.id))
    let categories = IDTable(truth.categories.map(\.id))
    self.images = images
    self.categories = categories
    classCount = parameters.usesCategories ? categories.count : min(1, categories.count)
    let imageKeys = truth.annotations.map { images.index(of: $0.imageID) ?? 0 }
    let categoryKeys = truth.annotations.map { categories.index(of: $0.categoryID) ?? 0 }
    let unordered = truth.annotations.indices.map(Int32.init)
    var order: [Int32]
    if parameters.usesCategories {
      order = CountingSort.order(unordered, by: imageKeys, below: images.count)
      order = CountingSort.order(order, by: categoryKeys, below: categories.count)
    } else {
      order = CountingSort.order(unordered, by: categoryKeys, below: categories.count)
      order = CountingSort.order(order, by: imageKeys, below: images.count)
    }
    starts =
      parameters.usesCategories
      ? CountingSort.starts(categoryKeys, below: categories.count)
      : (classCount == 0 ? [0] : [0, order.count])
    let sorted = order.map { truth.annotations[Int($0)] }
    imageOf = order.map { imageKeys[Int($0)] }
    boxes = sorted.map(\.box)
    areas = sorted.map(\.area)
    isCrowd = sorted.map(\.isCrowd)
    isLeftOut = sorted.map(parameters.leavesOut)
    isVoid = sorted.map { $0.id == 0 && !parameters.matchesIDZero }
    originals = order
  }
}

/// Stable sorting by small whole numbers.
enum CountingSort {
  /// The places of `order` sorted by their key; equal keys keep their order.
  static func order(_ order: [Int32], by keys: [Int32], below limit: Int) -> [Int32] {
    var next = starts(keys, below: limit)
    return [Int32](unsafeUninitializedCapacity: order.count) { result, filled in
      for place in order {
        let key = Int(keys[Int(place)])
        result.initializeElement(at: next[key], to: place)
        next[key] += 1
      }
      filled = order.count
    }
  }

  /// Where each key's places begin in the sorted order; one more entry than keys.
  static func starts(_ keys: [Int32], below limit: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: limit + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for key in 0..<limit { starts[key + 1] += starts[key] }
    return starts
  }
}
