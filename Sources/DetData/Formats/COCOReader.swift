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
  private let file: COCOFile
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
    file = try COCOFile(path)
  }

  private func error(_ key: String, _ problem: String, cure: String) -> DataError {
    DataError(place: "\(path): \(key)", problem: problem, cure: cure)
  }

  private func categories() throws -> [Category] {
    var seen: Set<Int64> = []
    for (index, category) in file.categories.enumerated() {
      let key = "categories[\(index)]"
      guard !category.name.isEmpty else {
        throw error(key, "the class \(category.id) has no name", cure: "name it")
      }
      guard seen.insert(category.id).inserted else {
        throw error(key, "the id \(category.id) is used twice", cure: "number the classes anew")
      }
    }
    return file.categories
  }

  private mutating func addImages() throws {
    var seen: Set<Int64> = []
    for (index, stated) in file.images.enumerated() {
      let key = "images[\(index)]"
      guard seen.insert(stated.id).inserted else {
        throw error(key, "the id \(stated.id) is used twice", cure: "number the images anew")
      }
      let image = try Folder.image(
        named: stated.name, in: imagesFolder, place: "\(path): \(key).file_name")
      guard FileManager.default.fileExists(atPath: image) else {
        try missing(key, stated.name)
        continue
      }
      let size = try stated.size ?? ImageFile.size(image)
      samples.append(Sample(imageID: stated.id, content: .file(image), imageSize: size))
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
    let known = Set(file.images.map(\.id))
    let categoryOf = Dictionary(
      uniqueKeysWithValues: categories.enumerated().map { ($0.element.id, $0.offset) })
    var seen: Set<Int64> = []
    for (index, stated) in file.annotations.enumerated() {
      let key = "annotations[\(index)]"
      guard stated.id == 0 || seen.insert(stated.id).inserted else {
        throw error(key, "the id \(stated.id) is used twice", cure: "number the annotations anew")
      }
      guard let category = categoryOf[stated.category] else {
        throw error(
          key, "the category_id \(stated.category) is not in the list of categories",
          cure: "add the class, or correct the number")
      }
      guard let sample = sampleOf[stated.image] else {
        if known.contains(stated.image) { continue }  // its image is missing, which is listed
        throw error(
          key, "the image_id \(stated.image) is not in the list of images",
          cure: "the annotations may belong to other images; add the image or leave them out")
      }
      add(stated, to: sample, category: category, place: "\(path): \(key)")
    }
  }

  private mutating func add(
    _ stated: COCOFile.Annotation, to sample: Int, category: Int, place: String
  ) {
    let box = LabelledBox(
      x0: stated.box.x, y0: stated.box.y, x1: stated.box.x + stated.box.width,
      y1: stated.box.y + stated.box.height, category: category, isCrowd: stated.isCrowd,
      isIgnored: stated.isCrowd || stated.isIgnored, area: stated.area, id: stated.id)
    if let kept = intake.take(box, in: samples[sample].imageSize, place: place) {
      samples[sample].boxes.append(kept)
    }
  }
}
