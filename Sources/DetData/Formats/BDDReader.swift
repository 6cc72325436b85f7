import CJSON
import DetBasics
import Foundation

/// Reads BDD100K detection labels: one JSON file for all images, or a folder with one per image.
///
/// Files of a sequence name the frame and its video; their images lie in `VIDEO/NAME`, or beside each other.
/// The ten detection classes come first and in their usual order; unlabelled images stay. Labels without a
/// box (lanes, drivable areas) are no boxes; how many there were is noted.
struct BDDReader: DatasetReader {
  static let summary = "BDD100K: a JSON file for all images, or a folder with one per image."
  static let takesClasses = false

  static let settings = SettingsTable<DatasetSource> {
    $0.include(DatasetSource.files)
    $0.path(
      "annotations", \.annotations, "The JSON file of all images, or a folder with one per image.",
      absent: "the file or folder to read", isRequired: true)
    $0.path(
      "images", \.images, "The folder of images.", absent: "the folder of the annotations")
  }

  /// The classes of BDD100K detection in the order of its results.
  static let classes = [
    "pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
    "traffic light", "traffic sign",
  ]
  /// Names of the first release and what they are called since 2020.
  static let renamed = ["person": "pedestrian", "motor": "motorcycle", "bike": "bicycle"]

  private let imagesFolder: String
  private let skipsMissing: Bool
  private var intake: BoxIntake
  private var samples: [Sample] = []
  private var names = BDDReader.classes
  private var renamedBoxes: [String: Int] = [:]
  private var labelsWithoutBox = 0

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let path = source.annotations ?? ""
    let isFolder = Folder.isFolder(path)
    let files = isFolder ? try Folder.files(in: path, endings: ["json"]) : [path]
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no JSON files",
        cure: "give the folder or file of the BDD100K labels")
    }
    var reader = BDDReader(
      source, folder: isFolder ? path : Folder.holding(path), BoxIntake(policy))
    for file in files { try reader.add(file) }
    reader.noteTotals(path)
    var dataset = Dataset(
      name: path,
      categories: reader.names.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element)
      }, samples: reader.samples, repairs: reader.intake.repairs,
      faults: reader.intake.faults)
    dataset.numberBoxes()
    return dataset
  }

  private init(_ source: DatasetSource, folder: String, _ intake: BoxIntake) {
    self.intake = intake
    imagesFolder = source.images ?? folder
    skipsMissing = source.skipMissing ?? false
  }

  private mutating func add(_ file: String) throws {
    let columns = try BDDColumns(file)
    let stated = columns.categories.map { column in
      column.name.map { String(cString: $0) } ?? ""
    }
    let categories = stated.map { category($0) }
    labelsWithoutBox += columns.labelsWithoutBox
    var sampleOf: [Int: Int] = [:]
    for (index, image) in columns.images.enumerated() {
      do {
        let place = "\(file): frames[\(index)].name"
        guard let path = try imagePath(image, place: place) else { continue }
        let size = try ImageFile.size(path)
        sampleOf[index] = samples.count
        samples.append(
          Sample(imageID: Int64(samples.count) + 1, content: .file(path), imageSize: size))
      } catch {
        try intake.fault(error)
      }
    }
    for (index, column) in columns.boxes.enumerated() {
      guard let sample = sampleOf[Int(column.image)] else { continue }
      let name = stated[Int(column.category)]
      if Self.renamed[name] != nil { renamedBoxes[name, default: 0] += 1 }
      let box = LabelledBox(
        x0: column.box.0, y0: column.box.1, x1: column.box.2, y1: column.box.3,
        category: categories[Int(column.category)], isCrowd: column.is_crowd)
      let place = "\(file): box \(index) of \(samples[sample].path)"
      if let kept = intake.take(box, in: samples[sample].imageSize, place: place) {
        samples[sample].boxes.append(kept)
      }
    }
  }

  /// The image of that name, in the folder of its video where there is one; old per-image files leave out the
  /// ending. nil: not there, which is noted.
  private mutating func imagePath(_ image: cjson_bdd_image, place: String) throws -> String? {
    let name = image.name.map { String(cString: $0) } ?? ""
    let video = image.video.map { String(cString: $0) } ?? ""
    for folder in video.isEmpty ? [""] : ["\(video)/", ""] {
      for ending in ["", ".jpg", ".png"] {
        let path = try Folder.image(named: folder + name + ending, in: imagesFolder, place: place)
        if FileManager.default.fileExists(atPath: path) { return path }
      }
    }
    try intake.missing(name, in: imagesFolder, place: place, isAllowed: skipsMissing)
    return nil
  }

  private mutating func category(_ stated: String) -> Int {
    let name = Self.renamed[stated] ?? stated
    if let index = names.firstIndex(of: name) { return index }
    names.append(name)
    return names.count - 1
  }

  private mutating func noteTotals(_ path: String) {
    for (old, count) in renamedBoxes.sorted(by: { $0.key < $1.key }) {
      intake.note(
        .classRenamed, path,
        "\(count) boxes of the class \(old) are counted as \(Self.renamed[old] ?? old)")
    }
    if labelsWithoutBox > 0 {
      intake.note(
        .labelWithoutBox, path, "\(labelsWithoutBox) labels have no box2d and are left out")
    }
  }
}
