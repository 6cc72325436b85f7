/// Detections with their ids turned into places, in the order they came; the evaluation's one copy.
struct DetectionStore: Sendable {
  /// 48 bytes, so that one detection is one or two cache lines however it is reached.
  struct Record: Sendable {
    let box: COCOBox
    let score: Double
    let image: Int32
    let category: Int32
  }

  private(set) var records: [Record] = []
  /// True while images came in the order of their ids: then one sorting pass is saved.
  private(set) var isSortedByImage = true
  private var lastImageID: Int64?
  private var lastImage: Int32 = -1

  var count: Int { records.count }

  mutating func reserve(_ more: Int) { records.reserveCapacity(records.count + more) }

  /// Turns the ids into places; false when the image is unknown.
  @inline(__always)
  mutating func enter(imageID: Int64, in images: IDTable) -> Bool {
    if imageID == lastImageID { return true }
    guard let place = images.index(of: imageID) else { return false }
    if place < lastImage { isSortedByImage = false }
    lastImage = place
    lastImageID = imageID
    return true
  }

  /// Adds a detection to the image entered last.
  @inline(__always)
  mutating func append(_ box: COCOBox, _ score: Double, category: Int32) {
    records.append(Record(box: box, score: score, image: lastImage, category: category))
  }

  /// The records without reference counting or bounds checks, for inner loops.
  struct View: @unchecked Sendable {  // read only, and only while lent
    let records: UnsafeBufferPointer<Record>
  }

  func withView<Result>(_ body: (View) throws -> Result) rethrows -> Result {
    try records.withUnsafeBufferPointer { try body(View(records: $0)) }
  }

  /// Places in `records` sorted by (class, image), each class's part ready for its own walk.
  func order(classCount: Int, _ index: TruthIndex, usesCategories: Bool) -> (
    places: [Int32], starts: [Int]
  ) {
    let images = index.images.count
    if !usesCategories {
      let byCategory = sorted(nil, below: index.categories.count, by: \.category)
      let places = sorted(byCategory, below: images, by: \.image)
      return (places, classCount == 0 ? [0] : [0, records.count])
    }
    let byImage = isSortedByImage ? nil : sorted(nil, below: images, by: \.image)
    let places = sorted(byImage, below: classCount, by: \.category)
    return (places, starts(below: classCount, by: \.category))
  }

  private func starts(below limit: Int, by key: KeyPath<Record, Int32>) -> [Int] {
    var starts = [Int](repeating: 0, count: limit + 1)
    let isImage = key == \Record.image
    records.withUnsafeBufferPointer { records in
      starts.withUnsafeMutableBufferPointer { starts in
        for record in records {
          starts[Int(isImage ? record.image : record.category) + 1] += 1
        }
      }
    }
    for value in 0..<limit { starts[value + 1] += starts[value] }
    return starts
  }

  /// A stable counting sort of the places in `order` (nil: as they came) by one of the two keys.
  private func sorted(
    _ order: [Int32]?, below limit: Int, by key: KeyPath<Record, Int32>
  ) -> [Int32] {
    var next = starts(below: limit, by: key)
    let isImage = key == \Record.image
    return [Int32](unsafeUninitializedCapacity: records.count) { result, filled in
      records.withUnsafeBufferPointer { records in
        next.withUnsafeMutableBufferPointer { next in
          for step in 0..<records.count {
            let place = order.map { $0[step] } ?? Int32(step)
            let record = records[Int(place)]
            let value = Int(isImage ? record.image : record.category)
            result.initializeElement(at: next[value], to: place)
            next[value] += 1
          }
        }
      }
      filled = records.count
    }
  }
}
