import DetBasics
import Foundation

/// Reads COCO instances: one JSON file for all images.
///
/// The ids of images, classes and annotations are kept as they are, with their gaps; images without
/// annotations stay. Crowds stay and are ignored, as in COCO's own evaluation.
struct COCOReader: DatasetReader {
  static let summary = "COCO: one JSON file for all images."
  static let takesClasses = false

  static let settings = SettingsTable<DatasetSource> {
    $0.include(DatasetSource.files)
    $0.path(
      "annotations", \.annotations, "The JSON file of all images.",
      absent: "the file or folder to read", isRequired: true)
    $0.path(
      "images", \.images, "The folder of images.", absent: "the folder of the annotations")
  }

  private let path: String
  private let imagesFolder: String
  private let skipsMissing: Bool
  private let file: COCOFile
  private var intake: BoxIntake
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let path = source.annotations ?? ""
    guard !Folder.isFolder(path) else {
      throw DataError(
        place: path, problem: "is a folder; COCO annotations are one JSON file",
        cure: "name the file, as in annotations/instances_val2017.json")
    }
    var reader = try COCOReader(path, source, BoxIntake(policy))
    let categories = try reader.categories()
    try reader.addImages()
    try reader.addBoxes(categories)
    return Dataset(
      name: path, categories: categories, samples: reader.samples, repairs: reader.intake.repairs,
      faults: reader.intake.faults)
  }

  private init(_ path: String, _ source: DatasetSource, _ intake: BoxIntake) throws {
    self.intake = intake
    self.path = path
    imagesFolder = source.images ?? Folder.holding(path)
    skipsMissing = source.skipMissing ?? false
    file = try COCOFile(path)
  }

  private func error(
    _ key: String, _ problem: String, cure: String, _ kind: Finding.Kind
  ) -> DataError {
    DataError(place: "\(path): \(key)", problem: problem, cure: cure, kind: kind)
  }

  private mutating func categories() throws -> [Category] {
    var seen: Set<Int64> = []
    var usable: [Category] = []
    for (index, category) in file.categories.enumerated() {
      let key = "categories[\(index)]"
      if category.name.isEmpty {
        try intake.fault(
          error(key, "the class \(category.id) has no name", cure: "name it", .annotationBroken))
      } else if !seen.insert(category.id).inserted {
        try intake.fault(
          error(
            key, "the id \(category.id) is used twice", cure: "renumber the classes", .idTwice)
        )
      } else {
        usable.append(category)
      }
    }
    return usable
  }

  private mutating func addImages() throws {
    var seen: Set<Int64> = []
    for (index, stated) in file.images.enumerated() {
      let key = "images[\(index)]"
      do {
        guard seen.insert(stated.id).inserted else {
          throw error(
            key, "the id \(stated.id) is used twice", cure: "renumber the images", .idTwice)
        }
        let image = try Folder.image(
          named: stated.name, in: imagesFolder, place: "\(path): \(key).file_name")
        guard FileManager.default.fileExists(atPath: image) else {
          try intake.missing(
            stated.name, in: imagesFolder, place: "\(path): \(key)", isAllowed: skipsMissing)
          continue
        }
        let size = try stated.size ?? ImageFile.size(image)
        samples.append(Sample(imageID: stated.id, content: .file(image), imageSize: size))
      } catch {
        try intake.fault(error)
      }
    }
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
      if stated.id != 0, !seen.insert(stated.id).inserted {
        try intake.fault(
          error(
            key, "the id \(stated.id) is used twice", cure: "renumber the annotations", .idTwice)
        )
      } else if let category = categoryOf[stated.category] {
        if let sample = sampleOf[stated.image] {
          add(stated, to: sample, category: category, place: "\(path): \(key)")
        } else if !known.contains(stated.image) {
          try intake.fault(
            error(
              key, "the image_id \(stated.image) is not in the list of images",
              cure: "the annotations may belong to other images; add the image or leave them out",
              .unknownImage))
        }  // Otherwise its image cannot be used, which is listed already.
      } else {
        try intake.fault(
          error(
            key, "the category_id \(stated.category) is not in the list of categories",
            cure: "add the class, or correct the number", .unknownClass))
      }
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
