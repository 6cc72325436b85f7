import CJSON
import DetBasics
import Foundation

/// Reads COCO instances: one JSON file for all images.
///
/// Numbers of images, classes and annotations are kept as they are, holes and all; images without
/// annotations stay. Crowds stay and are ignored, as in COCO's own evaluation.
struct COCOReader {
  private let path: String
  private let imagesFolder: String
  private let skipsMissing: Bool
  private let columns: AnnotationColumns
  private var intake = BoxIntake()
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource) throws -> Dataset {
    let path = source.annotations ?? ""
    guard !Folder.isFolder(path) else {
      throw DataError(
        place: path, problem: "is a folder; COCO annotations are one JSON file",
        cure: "name the file, as in annotations/instances_val2017.json")
    }
    var reader = try COCOReader(path, source)
    let categories = try reader.categories()
    try reader.addImages()
    try reader.addBoxes(categories)
    return Dataset(
      name: path, categories: categories, samples: reader.samples, repairs: reader.intake.repairs)
  }

  private init(_ path: String, _ source: DatasetSource) throws {
    self.path = path
    imagesFolder = source.images ?? Folder.holding(path)
    skipsMissing = source.skipMissing ?? false
    columns = try AnnotationColumns(
      path, cure: "give a COCO instances file (images, annotations, categories)",
      read: cjson_read_coco)
  }

  private func error(_ key: String, _ problem: String, cure: String) -> DataError {
    DataError(place: "\(path): \(key)", problem: problem, cure: cure)
  }

  private func categories() throws -> [Category] {
    var seen: Set<Int64> = []
    return try columns.categories.enumerated().map { index, column in
      guard seen.insert(column.id).inserted else {
        throw error(
          "categories[\(index)]", "the id \(column.id) is used twice",
          cure: "number the classes anew")
      }
      return Category(id: column.id, name: column.name.map { String(cString: $0) } ?? "")
    }
  }

  private mutating func addImages() throws {
    var seen: Set<Int64> = []
    for (index, column) in columns.images.enumerated() {
      let key = "images[\(index)]"
      guard seen.insert(column.id).inserted else {
        throw error(key, "the id \(column.id) is used twice", cure: "number the images anew")
      }
      let name = column.name.map { String(cString: $0) } ?? ""
      let file = try Folder.image(named: name, in: imagesFolder, place: "\(path): \(key).file_name")
      guard FileManager.default.fileExists(atPath: file) else {
        try missing(key, name)
        continue
      }
      let isStated = column.width > 0 && column.height > 0
      let size =
        isStated
        ? PixelSize(width: Int(column.width), height: Int(column.height))
        : try ImageFile.size(file)
      samples.append(Sample(imageID: column.id, content: .file(file), imageSize: size))
    }
  }

  private mutating func missing(_ key: String, _ name: String) throws {
    guard skipsMissing else {
      throw error(
        key, "the image \(name) is not in \(imagesFolder)",
        cure: "check \"images\", or set \"skipMissing\": true to leave such images out")
    }
    intake.note(.imageMissing, "\(path): \(key)", "the image \(name) is not in \(imagesFolder)")
  }

  private mutating func addBoxes(_ categories: [Category]) throws {
    let sampleOf = Dictionary(
      uniqueKeysWithValues: samples.enumerated().map { ($0.element.imageID, $0.offset) })
    let known = Set(columns.images.map(\.id))
    let categoryOf = Dictionary(
      uniqueKeysWithValues: categories.enumerated().map { ($0.element.id, $0.offset) })
    var seen: Set<Int64> = []
    for (index, column) in columns.boxes.enumerated() {
      let key = "annotations[\(index)]"
      guard !column.has_id || seen.insert(column.id).inserted else {
        throw error(key, "the id \(column.id) is used twice", cure: "number the annotations anew")
      }
      guard let category = categoryOf[column.category] else {
        throw error(
          key, "the category_id \(column.category) is not in the list of categories",
          cure: "add the class, or correct the number")
      }
      guard let sample = sampleOf[column.image] else {
        if known.contains(column.image) { continue }  // its image is missing, which is listed
        throw error(
          key, "the image_id \(column.image) is not in the list of images",
          cure: "the annotations may belong to other images; add the image or leave them out")
      }
      add(column, to: sample, category: category, place: "\(path): \(key)")
    }
  }

  private mutating func add(
    _ column: cjson_box, to sample: Int, category: Int, place: String
  ) {
    let box = LabelledBox(
      x0: column.box.0, y0: column.box.1, x1: column.box.0 + column.box.2,
      y1: column.box.1 + column.box.3, category: category, isCrowd: column.is_crowd,
      isIgnored: column.is_crowd || column.is_ignored,
      area: column.area.isNaN ? nil : column.area, id: column.id)
    if let kept = intake.take(box, in: samples[sample].imageSize, place: place) {
      samples[sample].boxes.append(kept)
    }
  }
}
