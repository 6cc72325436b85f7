import CJSON
import DetBasics
import DetJSON

/// What a COCO instances file says, list by list: its values by their meaning, not yet judged against each other.
struct COCOFile {
  struct Image {
    let index: Int  // in the list
    let id: Int64
    let size: PixelSize?  // nil: not stated
    let name: String
    let isNotExhaustive: Bool
  }

  struct Class {
    let index: Int
    let category: Category
  }

  struct Annotation {
    let index: Int
    var id: Int64
    let image: Int64
    let category: Int64
    let box: (x: Double, y: Double, width: Double, height: Double)
    let area: Double?
    let isCrowd: Bool
    let isIgnored: Bool
  }

  private(set) var images: [Image] = []
  private(set) var classes: [Class] = []
  private(set) var annotations: [Annotation] = []
  /// Ids of images and classes that cannot be used for what else they say.
  private(set) var brokenIDs: [TruthBlock.List: Set<Int64>] = [:]
  /// Lists that are not there.
  private(set) var missing: [TruthBlock.List] = []

  private let path: String
  private var counts: [TruthBlock.List: Int] = [:]
  private var statedIDs: [Int64?] = []
  private var keyed: [TruthBlock.List: Int] = [:]

  /// Reads the file; an element that cannot be used is a fault of `intake`, a text that is no JSON an error with
  /// line, column and key.
  init(_ path: String, _ intake: inout BoxIntake) throws {
    self.path = path
    missing = try JSONSource.file(path).forEachTruthBlock(threads: 1) { block in
      try block.forEachRow {
        try addPlain(block, $0, &intake)
      } odd: {
        try addOdd($0, block.list, &intake)
      }
    }
    for list in TruthBlock.List.allCases {
      guard let count = keyed[list] else { continue }
      intake.note(
        .listAsObject, "\(path): \(list.key)",
        "is an object where a list belongs; its \(count) \(count == 1 ? "value is" : "values are") read as the list, "
          + "with their keys for ids")
    }
    intake.find(.image, counts[.images, default: 0])
    intake.find(.label, counts[.annotations, default: 0])
    numberAnnotations(&intake)
  }

  /// The place of an element.
  func place(_ list: TruthBlock.List, _ index: Int) -> String { "\(path): \(list.key)[\(index)]" }

  private mutating func next(_ list: TruthBlock.List) -> Int {
    defer { counts[list, default: 0] += 1 }
    return counts[list, default: 0]
  }

  private mutating func addPlain(
    _ block: TruthBlock, _ row: Int, _ intake: inout BoxIntake
  ) throws {
    let columns = block.columns
    let index = next(block.list)
    switch block.list {
    case .images:
      var image = TruthImage()
      image.id = columns.ids[row]
      image.width = columns.widths[row]
      image.height = columns.heights[row]
      image.name = columns.text(row)
      image.isNotExhaustive = Int(columns.flags[row]) & CJSONImageNotExhaustive != 0
      try add(image, index, &intake)
    case .categories:
      classes.append(
        Class(index: index, category: Category(id: columns.ids[row], name: columns.text(row))))
    case .annotations:
      let flags = Int(columns.flags[row])
      let box = columns.boxes + 4 * row
      var annotation = TruthAnnotation()
      annotation.id = columns.ids[row]
      annotation.imageID = columns.imageIDs[row]
      annotation.categoryID = columns.categoryIDs[row]
      annotation.box = (box[0], box[1], box[2], box[3])
      annotation.area = flags & CJSONAnnotationNoArea != 0 ? nil : columns.areas[row]
      annotation.isCrowd = flags & CJSONAnnotationCrowd != 0
      annotation.isIgnored = flags & CJSONAnnotationIgnore != 0
      add(annotation, index)
    }
  }

  private mutating func addOdd(
    _ element: OddElement, _ list: TruthBlock.List, _ intake: inout BoxIntake
  ) throws {
    let index = next(list)
    if element.key != nil { keyed[list, default: 0] += 1 }
    do {
      var values = try LooseValues(element)
      switch list {
      case .images: try add(values.image(), index, &intake)
      case .categories:
        let category = try values.category()
        classes.append(
          Class(index: index, category: Category(id: category.id, name: category.name)))
      case .annotations: add(try values.annotation(), index)
      }
      intake.note(values.readings, at: place(list, index))
    } catch let fault as ElementFault {
      if let node = try? element.content(), node["segments_info"] != nil {
        throw ForeignFormat.cocoPanoptic.error(path)
      }
      try intake.fault(DataError(fault), losing: list.item)
      if list != .annotations, var values = try? LooseValues(element),
        let id = try? values.id("id", cure: "")
      {
        brokenIDs[list, default: []].insert(id)
      }
    }
  }

  private mutating func add(
    _ image: TruthImage, _ index: Int, _ intake: inout BoxIntake
  ) throws {
    let isStated = image.width > 0 && image.height > 0
    guard image.width <= 1 << 20, image.height <= 1 << 20 else {
      brokenIDs[.images, default: []].insert(image.id)
      return try intake.fault(
        DataError(
          place: place(.images, index),
          problem: "the size \(image.width)x\(image.height) is beyond any image",
          cure: "correct width and height"), losing: .image)
    }
    let size = PixelSize(width: Int(image.width), height: Int(image.height))
    images.append(
      Image(
        index: index, id: image.id, size: isStated ? size : nil, name: image.name,
        isNotExhaustive: image.isNotExhaustive))
  }

  private mutating func add(_ annotation: TruthAnnotation, _ index: Int) {
    statedIDs.append(annotation.id)
    annotations.append(
      Annotation(
        index: index, id: annotation.id ?? 0, image: annotation.imageID,
        category: annotation.categoryID, box: annotation.box, area: annotation.area,
        isCrowd: annotation.isCrowd ?? false, isIgnored: annotation.isIgnored))
  }

  private mutating func numberAnnotations(_ intake: inout BoxIntake) {
    let numbers = AnnotationIDs(statedIDs)
    for place in numbers.repeated {
      intake.note(
        .idGiven, self.place(.annotations, annotations[place].index),
        "the id \(annotations[place].id) is used twice; the annotation is given \(numbers.ids[place])"
      )
    }
    for place in annotations.indices {
      annotations[place].id = numbers.ids[place]
      guard numbers.ids[place] == 0 else { continue }
      intake.note(
        .annotationIDZero, self.place(.annotations, annotations[place].index),
        "the id is 0, which COCO's own evaluation takes for \"not found\": other tools give another AP"
      )
    }
  }
}

extension TruthBlock.List {
  /// What an element of the list is in the account.
  var item: DatasetAccount.Item? {
    switch self {
    case .images: .image
    case .annotations: .label
    case .categories: nil
    }
  }
}

extension BoxIntake {
  /// Notes values that were read in another form than the format's.
  mutating func note(_ readings: [LooseReading], at place: String) {
    for reading in readings {
      let kind: Repair.Kind =
        switch reading.kind {
        case .value: .numberForm
        case .box: .outlineBoxed
        case .id: .idGiven
        }
      note(kind, "\(place).\(reading.key)", reading.detail)
    }
  }
}

extension DataError {
  /// The fault of an element as this module tells it, in the words of the JSON error.
  init(_ fault: ElementFault) {
    let error = fault.error
    let place = error.line > 0 ? "\(error.source):\(error.line):\(error.column)" : error.source
    self.init(
      place: error.path.isEmpty ? place : "\(place): \(error.path)", problem: error.problem,
      cure: fault.cure)
  }
}
