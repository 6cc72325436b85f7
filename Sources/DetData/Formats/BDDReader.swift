import DetBasics
import DetJSON
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
  private var images: ListedImages
  private var intake: BoxIntake
  private var samples: [Sample] = []
  private var names = BDDReader.classes
  private var renamedBoxes: [String: Int] = [:]
  private var labelsWithoutBox = 0

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let path = source.annotations ?? ""
    let isFolder = Files.isFolder(path)
    let files = isFolder ? try FolderListing(path).files(endings: ["json"]) : [path]
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no JSON files",
        cure: "give the folder or file of the BDD100K labels")
    }
    if let (format, file) = ForeignFormat.told(at: files[0]) { throw format.error(file) }
    var reader = BDDReader(
      source, folder: isFolder ? path : FilePath.folder(of: path), BoxIntake(policy))
    for file in files { try reader.add(file, isOneOfMany: isFolder) }
    reader.images.noteOthers(of: path, &reader.intake)
    reader.noteTotals(path)
    var dataset = Dataset(
      name: path,
      categories: reader.names.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element)
      }, samples: reader.samples, repairs: reader.intake.repairs,
      faults: reader.intake.faults, account: reader.intake.account(of: reader.samples))
    dataset.numberBoxes()
    return dataset
  }

  private init(_ source: DatasetSource, folder: String, _ intake: BoxIntake) {
    self.intake = intake
    imagesFolder = source.images ?? folder
    skipsMissing = source.skipMissing ?? false
    images = ListedImages(imagesFolder)
  }

  /// Reads a file; of many, one that is no JSON is a fault among others.
  private mutating func add(_ file: String, isOneOfMany: Bool) throws {
    if isOneOfMany { intake.find(.labelFile) }
    let columns: BDDColumns
    do {
      columns = try BDDColumns(file)
    } catch let error as JSONError where isOneOfMany && intake.policy == .collect {
      return try intake.fault(
        DataError(ElementFault(error: error, cure: "correct the text, or remove the file")),
        losing: .labelFile)
    }
    if isOneOfMany { intake.useLabelFile() }
    labelsWithoutBox += columns.labelsWithoutBox
    intake.find(.label, columns.labelsWithoutBox)
    for (index, frame) in BDDFrame.plain(columns, file: file).enumerated() {
      let place = "\(file): frames[\(index)]"
      intake.find(.image)
      guard let odd = columns.odd[index] else {
        try add(frame, place: place)
        continue
      }
      do {
        let frame = try BDDFrame(odd)
        intake.note(frame.readings, at: place)
        try add(frame, place: place)
      } catch let fault as ElementFault {
        try intake.fault(DataError(fault), losing: .image)
      }
    }
  }

  private mutating func add(_ frame: BDDFrame, place: String) throws {
    intake.find(.label, frame.labelCount)
    labelsWithoutBox += frame.labelsWithoutBox
    for fault in frame.faults { try intake.fault(DataError(fault), losing: .label) }
    guard let sample = try sample(of: frame, place: place) else {
      return intake.leaveOutLabels(frame.boxes.count)
    }
    for stated in frame.boxes {
      let category = category(stated.category)
      if Self.renamed[stated.category] != nil { renamedBoxes[stated.category, default: 0] += 1 }
      let box = LabelledBox(
        x0: stated.x0, y0: stated.y0, x1: stated.x1, y1: stated.y1, category: category,
        isCrowd: stated.isCrowd)
      if let kept = intake.take(box, in: samples[sample].imageSize, place: stated.place) {
        samples[sample].boxes.append(kept)
      }
    }
  }

  /// The number of the frame's sample; nil: it cannot be used, which is noted.
  private mutating func sample(of frame: BDDFrame, place: String) throws -> Int? {
    do {
      guard let path = try imagePath(frame, place: place + ".name") else { return nil }
      let size = try ImageFile.size(path)
      samples.append(
        Sample(imageID: Int64(samples.count) + 1, content: .file(path), imageSize: size))
      return samples.count - 1
    } catch {
      try intake.fault(error, losing: .image)
      return nil
    }
  }

  /// The image of that name, in the folder of its video where there is one; old per-image files leave out the
  /// ending. nil: not there, which is noted.
  private mutating func imagePath(_ frame: BDDFrame, place: String) throws -> String? {
    guard !ImageNames.leadsOut(frame.video) else {
      throw DataError(
        place: place,
        problem: "the video's name \"\(frame.video.prefix(80))\" leads out of the folder of images",
        cure: "name the video's folder relative to \(imagesFolder)", kind: .pathOutside)
    }
    for folder in frame.video.isEmpty ? [""] : ["\(frame.video)/", ""] {
      for ending in ["", ".jpg", ".png"] {
        if let path = images.asWritten(folder + frame.name + ending) { return path }
      }
    }
    if let path = try images.find(frame.name, place: place, &intake) { return path }
    try intake.missing(frame.name, in: imagesFolder, place: place, isAllowed: skipsMissing)
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
      intake.leaveOut(
        .label, .labelWithoutBox, path,
        "\(labelsWithoutBox) labels have no box2d and are left out", count: labelsWithoutBox)
    }
  }
}
