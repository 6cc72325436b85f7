import DetBasics
import DetJSON
import Foundation

/// Reads COCO instances: one JSON file for all images.
///
/// The ids of images, classes and annotations are kept as they are, with their gaps; images without
/// annotations stay. Crowds stay and are ignored, as in COCO's own evaluation. What other tools write is read by its
/// meaning where that is plain, and listed: names of images with backslashes, foreign folders or as URLs (``COCOImages``),
/// numbers as texts, outlines without boxes (`LooseValues`).
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
  private let file: COCOFile
  private var intake: BoxIntake
  private var images: COCOImages
  private var samples: [Sample] { images.samples }

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let path = source.annotations ?? ""
    guard !Files.isFolder(path) else {
      throw DataError(
        place: path, problem: "is a folder; COCO annotations are one JSON file",
        cure: "name the file, as in annotations/instances_val2017.json")
    }
    if let format = (try? ContentHead(path)).flatMap(ForeignFormat.told) {
      throw format.error(path)
    }
    var reader = try COCOReader(path, source, BoxIntake(policy))
    try reader.checkLists()
    let classes = COCOClasses(reader.file, path)
    let categories = try classes.usable(&reader.intake)
    try reader.images.add(reader.file, &reader.intake)
    try reader.addBoxes(categories)
    try reader.images.check(&reader.intake)
    return Dataset(
      name: path, categories: categories, samples: reader.samples, repairs: reader.intake.repairs,
      faults: reader.intake.faults, account: reader.intake.account(of: reader.samples))
  }

  private init(_ path: String, _ source: DatasetSource, _ intake: BoxIntake) throws {
    var intake = intake
    self.path = path
    file = try COCOFile(path, &intake)
    images = COCOImages(
      path: path, folder: source.images ?? FilePath.folder(of: path),
      skipsMissing: source.skipMissing ?? false)
    self.intake = intake
  }

  private mutating func checkLists() throws {
    for list in file.missing {
      let cure =
        switch list {
        case .images: "a COCO file of objects has \"images\", \"annotations\" and \"categories\""
        case .categories: "add \"categories\": [{\"id\": 1, \"name\": \"…\"}] with the ids in use"
        case .annotations: "add \"annotations\": [] if nothing is labelled"
        }
      try intake.fault(
        DataError(place: path, problem: "the key \"\(list.key)\" is missing", cure: cure))
    }
  }

  private mutating func addBoxes(_ categories: [Category]) throws {
    let isListed = Set(file.images.map(\.id)).union(file.brokenIDs[.images] ?? [])
    let isClass = Set(file.classes.map(\.category.id)).union(file.brokenIDs[.categories] ?? [])
    let categoryOf = Dictionary(
      categories.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { a, _ in a })
    if isClass.isEmpty, !file.annotations.isEmpty { return try refuseWithoutClasses() }
    if isListed.isEmpty, !file.annotations.isEmpty { return try refuseWithoutImages() }
    for stated in file.annotations {
      let place = file.place(.annotations, stated.index)
      if !isClass.contains(stated.category) {
        try intake.fault(
          DataError(
            place: place,
            problem: "the category_id \(stated.category) is not in the list of categories",
            cure: "add the class, or correct the number", kind: .unknownClass), losing: .label)
      } else if !isListed.contains(stated.image) {
        try intake.fault(
          DataError(
            place: place, problem: "the image_id \(stated.image) is not in the list of images",
            cure: "the annotations may belong to other images; add the image or leave them out",
            kind: .unknownImage), losing: .label)
      } else if let category = categoryOf[stated.category] {
        images.add(stated, category: category, place: place, &intake)
      } else {
        // Its class cannot be used, which is listed already.
        intake.leaveOut(.label, because: .fault(.annotationBroken))
      }
    }
  }

  /// One message for all: their labels say nothing about images or classes that nobody has named.
  private mutating func refuseWithoutClasses() throws {
    let ids = Set(file.annotations.map(\.category)).sorted()
    let shown = ids.prefix(10).map { "\($0)" }.joined(separator: ", ")
    let example = ids.prefix(2).map { "{\"id\": \($0), \"name\": \"…\"}" }.joined(separator: ", ")
    try intake.fault(
      DataError(
        place: "\(path): categories",
        problem: "there are no classes, and annotations are of the classes \(shown)"
          + (ids.count > 10 ? ", …" : ""),
        cure: "add them: \"categories\": [\(example)\(ids.count > 2 ? ", …" : "")]",
        kind: .unknownClass))
    intake.leaveOut(.label, file.annotations.count, because: .fault(.unknownClass))
  }

  private mutating func refuseWithoutImages() throws {
    try intake.fault(
      DataError(
        place: "\(path): images", problem: "there are no images, and annotations are of some",
        cure: "add them: \"images\": [{\"id\": 1, \"file_name\": \"…\"}]", kind: .unknownImage))
    intake.leaveOut(.label, file.annotations.count, because: .fault(.unknownImage))
  }
}
