import CJSON
import DetBasics
import DetJSON
import Foundation

/// Truths in COCO's instances format: an object with the lists `images`, `categories`, `annotations`.
public enum COCOTruthFile {
  /// What reading had to fill in because the file did not say it.
  public struct Repairs: Equatable, Sendable {
    /// Annotations without `area`: width times height was taken.
    public internal(set) var missingAreas = 0
    /// Annotations without `iscrowd`: 0 was taken.
    public internal(set) var missingCrowdFlags = 0
    /// Annotations whose id is 0, which pycocotools cannot tell from "no match".
    public internal(set) var zeroIDs = 0
    /// Annotations without a box: that of their outline or mask was taken.
    public internal(set) var boxesOfOutlines = 0
    /// Ids that are missing, used twice or no numbers: they were given numbers.
    public internal(set) var givenIDs = 0
    /// Elements of objects that stand in the place of lists, with ids for keys.
    public internal(set) var keyedElements = 0
    /// Values in another form than the format's, as a number in quotes.
    public internal(set) var looseValues = 0

    /// True when nothing was filled in.
    public var isEmpty: Bool { self == Repairs() }

    /// What was filled in, for people: a sentence for each kind, in which an annotation without id or area is one.
    public var lines: [String] {
      let kinds: [(count: Int, one: String, many: String, what: String)] = [
        (missingAreas, "annotation has", "annotations have", "no area: that of the box is taken"),
        (missingCrowdFlags, "annotation has", "annotations have", "no iscrowd: 0 is taken"),
        (
          boxesOfOutlines, "annotation has", "annotations have",
          "no box: that around the outline or mask is taken"
        ),
        (givenIDs, "id is", "ids are", "missing, no number, or used twice, and given a number"),
        (
          keyedElements, "image, class or annotation is",
          "images, classes and annotations are",
          "written in an object by ids, and read as in the list that belongs there"
        ),
        (
          looseValues, "value is", "values are",
          "written in another form than the format's, and read by meaning"
        ),
      ]
      return kinds.filter { $0.count > 0 }
        .map { "\($0.count) \($0.count == 1 ? $0.one : $0.many) \($0.what)" }
    }
  }

  /// Reads a file.
  ///
  /// What tools in the wild write is read by its meaning where that is plain: ids and numbers as texts, null for what is
  /// not known, outlines and masks without boxes, annotations without an id of their own.
  ///
  /// - Throws: `FileError` when it cannot be read; `JSONError` with line, column, element and key when it is
  ///   truncated, not JSON, lacks a key, or has a value of the wrong kind, a number that is not finite, or
  ///   a negative size; ``MetricsError`` wrapped in a `JSONError` for duplicate and unknown ids.
  public static func read(_ path: String, threads: Int? = nil) throws -> GroundTruth {
    try readCountingRepairs(path, threads: threads).truth
  }

  /// Reads a file and tells what had to be filled in.
  public static func readCountingRepairs(
    _ path: String, threads: Int? = nil
  ) throws -> (truth: GroundTruth, repairs: Repairs) {
    try read(.file(path), threads ?? Threads.available)
  }

  /// Reads a text in memory; `name` stands for the file in errors.
  public static func read(
    _ text: UnsafeRawBufferPointer, name: String, threads: Int? = nil
  ) throws -> GroundTruth {
    try read(.memory(text, name: name), threads ?? Threads.available).truth
  }

  /// Writes a truth so that any COCO tool reads it, and reading gives the same truth back.
  public static func write(_ truth: GroundTruth, to path: String) throws {
    let images = try truth.images.map { image in
      let name = try COCOText.quoted(image.fileName)
      return "{\"file_name\":\(name),\"height\":\(image.height),\"id\":\(image.id),"
        + "\"width\":\(image.width)}"
    }
    let categories = try truth.categories.map { category in
      "{\"id\":\(category.id),\"name\":\(try COCOText.quoted(category.name))}"
    }
    let annotations = truth.annotations.map { annotation in
      let ignored = annotation.isIgnored ? ",\"ignore\":1" : ""
      return "{\"area\":\(annotation.area),\"bbox\":\(COCOText.box(annotation.box)),"
        + "\"category_id\":\(annotation.categoryID),\"id\":\(annotation.id)\(ignored),"
        + "\"image_id\":\(annotation.imageID),\"iscrowd\":\(annotation.isCrowd ? 1 : 0)}"
    }
    let lists = [("annotations", annotations), ("categories", categories), ("images", images)]
    let text = lists.map { name, rows in
      "\"\(name)\":[" + (rows.isEmpty ? "" : "\n" + rows.joined(separator: ",\n") + "\n") + "]"
    }
    try AtomicFile.write("{" + text.joined(separator: ",\n") + "}\n", to: path)
  }

  private static func read(
    _ source: JSONSource, _ threads: Int
  ) throws -> (truth: GroundTruth, repairs: Repairs) {
    var builder = Builder()
    let missing = try source.forEachTruthBlock(threads: threads) { try builder.add($0) }
    if let list = missing.first {
      throw JSONError(source: source.name, problem: "the key \"\(list.key)\" is missing")
    }
    do {
      return (try builder.truth(), builder.repairs)
    } catch let error as MetricsError {
      throw JSONError(source: source.name, problem: error.description)
    }
  }
}

/// Gathers the blocks of a truth file.
private struct Builder {
  var images: [GroundTruth.Image] = []
  var categories: [GroundTruth.Category] = []
  var annotations: [GroundTruth.Annotation] = []
  var repairs = COCOTruthFile.Repairs()

  private var statedIDs: [Int64?] = []

  /// The truth, in which every annotation has an id of its own.
  mutating func truth() throws -> GroundTruth {
    let numbers = AnnotationIDs(statedIDs)
    for place in annotations.indices { annotations[place].id = numbers.ids[place] }
    repairs.givenIDs += numbers.repeated.count
    repairs.zeroIDs = numbers.ids.count { $0 == 0 }
    return try GroundTruth(images: images, categories: categories, annotations: annotations)
  }

  mutating func add(_ block: TruthBlock) throws {
    do {
      try block.forEachRow {
        addPlain(block, $0)
      } odd: {
        try addOdd(block.list, $0)
      }
    } catch let fault as ElementFault {
      throw fault.error
    }
  }

  private mutating func addPlain(_ block: TruthBlock, _ place: Int) {
    let columns = block.columns
    switch block.list {
    case .images:
      images.append(
        GroundTruth.Image(
          id: columns.ids[place], width: Int(columns.widths[place]),
          height: Int(columns.heights[place]), fileName: columns.text(place)))
    case .categories:
      categories.append(
        GroundTruth.Category(id: columns.ids[place], name: columns.text(place)))
    case .annotations:
      let flags = Int(columns.flags[place])
      if flags & CJSONAnnotationNoArea != 0 { repairs.missingAreas += 1 }
      if flags & CJSONAnnotationNoCrowdFlag != 0 { repairs.missingCrowdFlags += 1 }
      statedIDs.append(columns.ids[place])
      annotations.append(
        GroundTruth.Annotation(
          id: columns.ids[place], imageID: columns.imageIDs[place],
          categoryID: columns.categoryIDs[place], box: COCOText.box(columns.boxes, place),
          area: columns.areas[place], isCrowd: flags & CJSONAnnotationCrowd != 0,
          isIgnored: flags & CJSONAnnotationIgnore != 0))
    }
  }

  private mutating func addOdd(_ list: TruthBlock.List, _ element: OddElement) throws {
    var values = try LooseValues(element)
    if element.key != nil { repairs.keyedElements += 1 }
    switch list {
    case .images:
      let image = try values.image()
      images.append(
        GroundTruth.Image(
          id: image.id, width: Int(image.width), height: Int(image.height), fileName: image.name))
    case .categories:
      let category = try values.category()
      categories.append(GroundTruth.Category(id: category.id, name: category.name))
    case .annotations:
      let read = try values.annotation()
      if read.area == nil { repairs.missingAreas += 1 }
      if read.isCrowd == nil { repairs.missingCrowdFlags += 1 }
      statedIDs.append(read.id)
      let box = COCOBox(
        x: read.box.x, y: read.box.y, width: read.box.width, height: read.box.height)
      annotations.append(
        GroundTruth.Annotation(
          id: 0, imageID: read.imageID, categoryID: read.categoryID, box: box, area: read.area,
          isCrowd: read.isCrowd ?? false, isIgnored: read.isIgnored))
    }
    for reading in values.readings {
      switch reading.kind {
      case .value: repairs.looseValues += 1
      case .box: repairs.boxesOfOutlines += 1
      case .id: repairs.givenIDs += 1
      }
    }
  }
}
