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

    /// True when nothing was filled in.
    public var isEmpty: Bool { self == Repairs() }
  }

  /// Reads a file.
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
    try source.forEachTruthBlock(threads: threads) { builder.add($0) }
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

  func truth() throws -> GroundTruth {
    try GroundTruth(images: images, categories: categories, annotations: annotations)
  }

  mutating func add(_ block: CJSONTruthBlock) {
    switch block.kind {
    case Int32(bitPattern: CJSONTruthImages.rawValue): addImages(block)
    case Int32(bitPattern: CJSONTruthCategories.rawValue): addCategories(block)
    default: addAnnotations(block)
    }
  }

  private mutating func addImages(_ block: CJSONTruthBlock) {
    for place in 0..<block.count {
      images.append(
        GroundTruth.Image(
          id: block.ids[place], width: Int(block.widths[place]),
          height: Int(block.heights[place]), fileName: block.text(place)))
    }
  }

  private mutating func addCategories(_ block: CJSONTruthBlock) {
    for place in 0..<block.count {
      categories.append(
        GroundTruth.Category(id: block.ids[place], name: block.text(place)))
    }
  }

  private mutating func addAnnotations(_ block: CJSONTruthBlock) {
    for place in 0..<block.count {
      let flags = Int(block.flags[place])
      if flags & CJSONAnnotationNoArea != 0 { repairs.missingAreas += 1 }
      if flags & CJSONAnnotationNoCrowdFlag != 0 { repairs.missingCrowdFlags += 1 }
      if block.ids[place] == 0 { repairs.zeroIDs += 1 }
      annotations.append(
        GroundTruth.Annotation(
          id: block.ids[place], imageID: block.imageIDs[place],
          categoryID: block.categoryIDs[place], box: COCOText.box(block.boxes, place),
          area: block.areas[place], isCrowd: flags & CJSONAnnotationCrowd != 0,
          isIgnored: flags & CJSONAnnotationIgnore != 0))
    }
  }
}
