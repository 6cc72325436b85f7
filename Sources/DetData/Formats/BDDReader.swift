import CJSON
import DetBasics
import Foundation

/// Reads BDD100K detection labels: one JSON file for all images, or a folder with one per image.
///
/// The ten detection classes come first and in their usual order; unlabelled images stay. Labels without a
/// box (lanes, drivable areas) are no boxes.
struct BDDReader {
  /// The classes of BDD100K detection in the order of its results.
  static let classes = [
    "pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
    "traffic light", "traffic sign",
  ]
  /// Names of the first release and what they are called since 2020.
  static let renamed = ["person": "pedestrian", "motor": "motorcycle", "bike": "bicycle"]

  private let imagesFolder: String
  private let skipsMissing: Bool
  private var intake = BoxIntake()
  private var samples: [Sample] = []
  private var names = BDDReader.classes

  static func read(_ source: DatasetSource) throws -> Dataset {
    let path = source.annotations ?? ""
    let isFolder = Folder.isFolder(path)
    let files = isFolder ? try Folder.files(in: path, endings: ["json"]) : [path]
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no JSON files",
        cure: "give the folder or file of the BDD100K labels")
    }
    var reader = BDDReader(source, folder: isFolder ? path : Folder.holding(path))
    for file in files { try reader.add(file) }
    var dataset = Dataset(
      name: path,
      categories: reader.names.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element)
      }, samples: reader.samples, repairs: reader.intake.repairs)
    dataset.numberBoxes()
    return dataset
  }

  private init(_ source: DatasetSource, folder: String) {
    imagesFolder = source.images ?? folder
    skipsMissing = source.skipMissing ?? false
  }

  private mutating func add(_ file: String) throws {
    let columns = try BDDColumns(file)
    let categories = columns.categories.map { column in
      category(column.name.map { String(cString: $0) } ?? "")
    }
    var sampleOf: [Int: Int] = [:]
    for (index, image) in columns.images.enumerated() {
      let name = image.name.map { String(cString: $0) } ?? ""
      guard let path = try imagePath(name, place: "\(file): frames[\(index)].name") else {
        continue
      }
      sampleOf[index] = samples.count
      let size = try ImageFile.size(path)
      samples.append(
        Sample(imageID: Int64(samples.count) + 1, content: .file(path), imageSize: size))
    }
    for (index, column) in columns.boxes.enumerated() {
      guard let sample = sampleOf[Int(column.image)] else { continue }
      let box = LabelledBox(
        x0: column.box.0, y0: column.box.1, x1: column.box.2, y1: column.box.3,
        category: categories[Int(column.category)], isCrowd: column.is_crowd)
      let place = "\(file): box \(index) of \(samples[sample].path)"
      if let kept = intake.take(box, in: samples[sample].imageSize, place: place) {
        samples[sample].boxes.append(kept)
      }
    }
  }

  /// The image of that name; old per-image files leave out the ending. nil: allowed to be missing.
  private mutating func imagePath(_ name: String, place: String) throws -> String? {
    for ending in ["", ".jpg", ".png"] {
      let path = try Folder.image(named: name + ending, in: imagesFolder, place: place)
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    guard skipsMissing else {
      throw DataError(
        place: place, problem: "the image \(name) is not in \(imagesFolder)",
        cure: "check \"images\", or set \"skipMissing\": true to leave such images out")
    }
    intake.note(.imageMissing, place, "the image \(name) is not in \(imagesFolder)")
    return nil
  }

  private mutating func category(_ stated: String) -> Int {
    let name = Self.renamed[stated] ?? stated
    if let index = names.firstIndex(of: name) { return index }
    names.append(name)
    return names.count - 1
  }
}
