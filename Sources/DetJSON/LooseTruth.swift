import DetBasics

/// An image of a truth file.
package struct TruthImage: Equatable {
  /// Its id.
  package var id: Int64 = 0
  /// Pixels across; 0 when it is not known.
  package var width: Int64 = 0
  /// Pixels down; 0 when it is not known.
  package var height: Int64 = 0
  /// The file's name, or a URL where that is all there is.
  package var name = ""
  /// Of some classes not all objects are labelled (LVIS).
  package var isNotExhaustive = false

  /// An image of which nothing is known.
  package init() {}
}

/// A category of a truth file.
package struct TruthCategory: Equatable {
  /// Its id.
  package var id: Int64 = 0
  /// Its name.
  package var name = ""
}

/// An annotation of a truth file.
package struct TruthAnnotation: Equatable {
  /// Its id; nil when it says none.
  package var id: Int64?
  /// The image's id.
  package var imageID: Int64 = 0
  /// The category's id.
  package var categoryID: Int64 = 0
  /// x, y, width, height.
  package var box: (x: Double, y: Double, width: Double, height: Double) = (0, 0, 0, 0)
  /// The area; nil when it is not known.
  package var area: Double?
  /// What `iscrowd` says; nil when it says nothing.
  package var isCrowd: Bool?
  /// What `ignore` or `difficult` says.
  package var isIgnored = false

  /// An annotation that says nothing.
  package init() {}

  package static func == (a: Self, b: Self) -> Bool {
    a.id == b.id && a.imageID == b.imageID && a.categoryID == b.categoryID && a.box == b.box
      && a.area == b.area && a.isCrowd == b.isCrowd && a.isIgnored == b.isIgnored
  }
}

/// The elements of COCO's lists by their meaning, where the strict reader does not take them. Every value that is not as
/// the format has it is noted; what has no plain meaning is an ``ElementFault`` with its place and a cure.
extension LooseValues {
  /// An image; a size that is missing, null, 0, -1 or a fraction is not known.
  package mutating func image() throws -> TruthImage {
    try refuseNonFinite()
    var image = TruthImage()
    let id = try id("id", cure: "number the images")
    image.width = try side("width")
    image.height = try side("height")
    image.name = try text("file_name", cure: "name the image's file")
    if image.name.isEmpty, let node = value("coco_url"), case .string(let url) = node.value {
      image.name = url
    }
    if let node = value("not_exhaustive_category_ids"), case .array(let ids) = node.value {
      image.isNotExhaustive = !ids.isEmpty
    }
    guard let id else { throw missing("id", cure: "number the images") }
    image.id = id
    return image
  }

  /// A category.
  package mutating func category() throws -> TruthCategory {
    try refuseNonFinite()
    var category = TruthCategory()
    let id = try id("id", cure: "number the classes")
    category.name = try text("name", cure: "name the class")
    if category.name.isEmpty {
      category.name = try text("supercategory", cure: "name the class")
      if !category.name.isEmpty {
        note(.value, "name", "there is none; the supercategory \(category.name) is taken")
      }
    }
    guard let id else { throw missing("id", cure: "number the classes") }
    category.id = id
    return category
  }

  /// An annotation; without a box it has that of its outline or mask.
  package mutating func annotation() throws -> TruthAnnotation {
    try refuseNonFinite()
    var annotation = TruthAnnotation()
    annotation.id = try annotationID()
    let imageCure = "give the id of an image of the list"
    let categoryCure = "give the id of a class of the list"
    let image = try id("image_id", cure: imageCure)
    let category = try id("category_id", cure: categoryCure)
    let stated = try statedBox()
    annotation.area = try area()
    annotation.isCrowd = try flag("iscrowd")
    let isIgnored = try flag("ignore") ?? false
    let isDifficult = try flag("difficult") ?? false
    annotation.isIgnored = isIgnored || isDifficult
    guard let image else { throw missing("image_id", cure: imageCure) }
    guard let category else { throw missing("category_id", cure: categoryCure) }
    annotation.imageID = image
    annotation.categoryID = category
    annotation.box = try stated ?? boxOfSegmentation()
    return annotation
  }

  private func missing(_ key: String, cure: String) -> ElementFault {
    let isNull = isNull(key)
    return element.fault(
      isNull ? key : "", at: isNull ? node[key] : nil,
      isNull ? "expected a whole number, found null" : "the key \"\(key)\" is missing", cure: cure)
  }

  private mutating func side(_ key: String) throws -> Int64 {
    guard let node = value(key) else {
      if isNull(key) { note(.value, key, "null is read as not known") }
      return 0
    }
    if case .string(let text) = node.value, text.allSatisfy(\.isWhitespace) {
      note(.value, key, "an empty text is read as not known")
      return 0
    }
    if let side = try whole(node, key), side >= -1 {
      if side == -1 { note(.value, key, "-1 is read as not known") }
      return max(side, 0)
    }
    let size = try number(node, key, cure: "write the image's \(key) in pixels, or leave it out")
    guard size >= 0 else {
      throw element.fault(
        key, at: node, "the size is negative",
        cure: "write the image's \(key) in pixels, or leave it out")
    }
    note(.value, key, "\(Self.found(node)) is no whole number and is read as not known")
    return 0
  }

  private mutating func annotationID() throws -> Int64? {
    guard let node = value("id") else {
      if let id = idOfKey() { return id }
      note(.id, "id", "there is no id; the annotation is given a number")
      return nil
    }
    if let number = try whole(node, "id") { return number }
    note(.id, "id", "\(Self.found(node)) is no number; the annotation is given one")
    return nil
  }

  private mutating func area() throws -> Double? {
    guard let node = value("area") else {
      if isNull("area") { note(.value, "area", "null is read as the area of the box") }
      return nil
    }
    let cure = "write the area in square pixels, or leave it out"
    let area = try number(node, "area", cure: cure)
    guard area >= 0 else {
      throw element.fault("area", at: node, "the area is negative", cure: cure)
    }
    return area
  }

  /// nil when there is none: no key, null, or an empty list.
  private mutating func statedBox() throws -> (x: Double, y: Double, width: Double, height: Double)?
  {
    guard let node = value("bbox") else { return nil }
    let expected = "expected four numbers x, y, width, height, found "
    let cure = "write \"bbox\": [x, y, width, height] in pixels"
    guard case .array(let sides) = node.value else {
      throw element.fault("bbox", at: node, expected + Self.found(node), cure: cure)
    }
    if sides.isEmpty, value("segmentation") != nil { return nil }
    guard sides.count == 4 else {
      throw element.fault(
        "bbox", at: node, expected + (sides.count > 4 ? "more" : "\(sides.count)"), cure: cure)
    }
    var box: [Double] = []
    var areTexts = false
    for (index, side) in sides.enumerated() {
      let key = "bbox[\(index)]"
      if case .string = side.value { areTexts = true }
      box.append(try number(side, key, cure: cure, noting: false))
      if index >= 2, box[index] < 0 {
        throw element.fault(
          key, at: side, "the \(index == 2 ? "width" : "height") is negative",
          cure: cure + ", x and y being the upper left corner")
      }
    }
    if areTexts { note(.value, "bbox", "texts are read as numbers") }
    return (box[0], box[1], box[2], box[3])
  }

  private mutating func boxOfSegmentation() throws -> (
    x: Double, y: Double, width: Double, height: Double
  ) {
    let said = isNull("bbox") ? "\"bbox\" is null" : "there is no \"bbox\""
    guard let node = value("segmentation") else {
      throw element.fault(
        isNull("bbox") ? "bbox" : "", at: node["bbox"],
        isNull("bbox")
          ? "expected four numbers x, y, width, height, found null, and there is no outline"
          : "the key \"bbox\" is missing, and there is no outline",
        cure: "add \"bbox\": [x, y, width, height] in pixels")
    }
    guard let found = SegmentationBox(node) else {
      throw element.fault(
        "segmentation", at: node, "\(said), and the box of this outline or mask cannot be told",
        cure: "add \"bbox\": [x, y, width, height] in pixels")
    }
    let corners = found.box
    note(.box, "bbox", "\(said); the box around the \(found.isMask ? "mask" : "outline") is taken")
    return (corners.x0, corners.y0, corners.x1 - corners.x0, corners.y1 - corners.y0)
  }
}
