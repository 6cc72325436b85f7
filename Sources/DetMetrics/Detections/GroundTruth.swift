/// What is really in a set of images: the images, the categories and the labelled boxes.
///
/// Images without boxes belong here too: what a detector reports on them is wrong and counts.
public struct GroundTruth: Equatable, Sendable {
  /// One image.
  public struct Image: Equatable, Sendable {
    /// The id that annotations and detections use.
    public var id: Int64
    /// Pixels across; 0 when it is not known.
    public var width: Int
    /// Pixels down; 0 when it is not known.
    public var height: Int
    /// The file's name, or empty.
    public var fileName: String

    /// Describes an image.
    public init(id: Int64, width: Int = 0, height: Int = 0, fileName: String = "") {
      self.id = id
      self.width = width
      self.height = height
      self.fileName = fileName
    }
  }

  /// One class of objects.
  public struct Category: Equatable, Sendable {
    /// The id that annotations and detections use; ids may have gaps.
    public var id: Int64
    /// The name for people.
    public var name: String

    /// Describes a category.
    public init(id: Int64, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// One labelled box.
  public struct Annotation: Equatable, Sendable {
    /// The annotation's own id. pycocotools takes 0 for "nothing"; see ``COCOParameters/matchesIDZero``.
    public var id: Int64
    /// The image.
    public var imageID: Int64
    /// The category.
    public var categoryID: Int64
    /// The box.
    public var box: COCOBox
    /// The area of the object (of its mask, where there is one); decides on small, medium, large.
    public var area: Double
    /// A box around many objects: detections in it are neither right nor wrong.
    public var isCrowd: Bool
    /// Neither a miss when nothing finds it nor an error when something does (VOC's `difficult`, COCO's `ignore`).
    ///
    /// VOC's evaluation leaves such boxes out; COCO's does where ``COCOParameters/leavesIgnoredOut`` asks for it.
    public var isIgnored: Bool

    /// Describes a labelled box; without an area its width times height is taken.
    public init(
      id: Int64, imageID: Int64, categoryID: Int64, box: COCOBox, area: Double? = nil,
      isCrowd: Bool = false, isIgnored: Bool = false
    ) {
      self.id = id
      self.imageID = imageID
      self.categoryID = categoryID
      self.box = box
      self.area = area ?? box.area
      self.isCrowd = isCrowd
      self.isIgnored = isIgnored
    }
  }

  /// The images, in any order.
  public let images: [Image]
  /// The categories, in any order.
  public let categories: [Category]
  /// The labelled boxes; their order decides between equal overlaps.
  public let annotations: [Annotation]

  /// Checks the lists against each other and keeps them.
  ///
  /// - Throws: ``MetricsError`` for an id used twice, an annotation of an unknown image or category, a
  ///   negative size, or a number that is not finite.
  public init(images: [Image], categories: [Category], annotations: [Annotation]) throws {
    try Self.checkDistinct(images.map(\.id), "images")
    try Self.checkDistinct(categories.map(\.id), "categories")
    try Self.checkDistinct(annotations.map(\.id), "annotations")
    let imageTable = IDTable(images.map(\.id))
    let categoryTable = IDTable(categories.map(\.id))
    for (index, annotation) in annotations.enumerated() {
      if imageTable.index(of: annotation.imageID) == nil {
        throw MetricsError.unknownImage(list: "annotations", index: index, id: annotation.imageID)
      }
      if categoryTable.index(of: annotation.categoryID) == nil {
        throw MetricsError.unknownCategory(
          list: "annotations", index: index, id: annotation.categoryID, known: categoryTable.ids)
      }
      let isAreaBad = !annotation.area.isFinite || annotation.area < 0
      let areaProblem = isAreaBad ? "the area \(annotation.area) must be finite, not negative" : nil
      if let problem = annotation.box.problem ?? areaProblem {
        throw MetricsError.badValue(list: "annotations", index: index, problem: problem)
      }
    }
    self.images = images
    self.categories = categories
    self.annotations = annotations
  }

  private static func checkDistinct(_ ids: [Int64], _ list: String) throws {
    // Most files number upwards.
    if zip(ids, ids.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    let sorted = ids.sorted()
    if zip(sorted, sorted.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    let order = ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
    for (first, second) in zip(order, order.dropFirst()) where ids[first] == ids[second] {
      throw MetricsError.duplicateID(list: list, id: ids[first], first: first, second: second)
    }
  }
}
