import DetBasics
import Foundation

/// Reads Pascal VOC: one XML file per image.
///
/// VOC counts pixels from 1 and includes the last one, so that x0 = xmin - 1 and x1 = xmax. Files of tools
/// that count from 0 say so with `"firstPixel": 0`; then x0 = xmin.
struct VOCReader: DatasetReader {
  static let summary = "Pascal VOC: one XML file per image."
  static let takesClasses = false

  static let settings = SettingsTable<DatasetSource> {
    $0.include(DatasetSource.files)
    $0.path(
      "annotations", \.annotations, "The folder of XML files, or one such file.",
      absent: "the file or folder to read", isRequired: true)
    $0.path(
      "images", \.images, "The folder of images.",
      absent: "JPEGImages beside the folder of annotations, or that folder itself")
    $0.path(
      "imageSet", \.imageSet,
      "A text file with one image name per line, as ImageSets/Main/trainval.txt; others are left out."
    )
    $0.optional(
      "firstPixel", \.firstPixel,
      "The number of the first pixel: 1 as in the original, or 0 as many tools write.",
      SettingRule("0 or 1") { number, _ in number == 0 || number == 1 }, absent: "1")
    $0.optional(
      "ignoreDifficult", \.ignoreDifficult,
      "Whether boxes marked as difficult are neither learnt from nor counted.", absent: "false")
  }

  private let source: DatasetSource
  private let firstPixel: Double
  private let imagesFolder: String
  private var intake: BoxIntake
  private var classNames: [String] = []
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let path = source.annotations ?? ""
    let files = try annotationFiles(path, imageSet: source.imageSet)
    var reader = VOCReader(
      source: source, folder: Folder.isFolder(path) ? path : Folder.holding(path), policy)
    for file in files {
      do { try reader.add(file) } catch { try reader.intake.fault(error) }
    }
    return reader.dataset(name: path)
  }

  private init(source: DatasetSource, folder: String, _ policy: FaultPolicy) {
    self.source = source
    intake = BoxIntake(policy)
    firstPixel = Double(source.firstPixel ?? 1)
    let usual = Folder.join(Folder.holding(folder), "JPEGImages")
    imagesFolder = source.images ?? (Folder.isFolder(usual) ? usual : folder)
  }

  private static func annotationFiles(_ path: String, imageSet: String?) throws -> [String] {
    guard Folder.isFolder(path) else { return [path] }
    if let imageSet {
      let names = try Files.text(imageSet).split(whereSeparator: \.isNewline)
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      return try names.map { try Folder.image(named: "\($0).xml", in: path, place: imageSet) }
    }
    let files = try Folder.files(in: path, endings: ["xml"])
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no XML files",
        cure: "give the folder of the VOC annotations")
    }
    return files
  }

  private mutating func add(_ file: String) throws {
    let annotation = try VOCAnnotation(
      try Files.bytes(file, most: Self.mostBytes), place: file)
    guard let image = try imagePath(annotation.fileName, file: file) else { return }
    let size = try ImageFile.size(image)
    try check(annotation, of: image, is: size, file: file)
    var boxes: [LabelledBox] = []
    for index in 0..<annotation.objectCount {
      do {
        let object = try annotation.object(index)
        let box = box(object)
        if let kept = intake.take(box, in: size, place: object.place) { boxes.append(kept) }
      } catch {
        try intake.fault(error)
      }
    }
    samples.append(
      Sample(
        imageID: Int64(samples.count) + 1, content: .file(image), imageSize: size, boxes: boxes))
  }

  /// A file of annotations for one image; the largest of VOC has 20 KB.
  private static let mostBytes = 64 << 20

  /// The image that `<filename>` names, or one with the annotation file's own name; nil: allowed to be missing.
  private mutating func imagePath(_ stated: String, file: String) throws -> String? {
    let stem = Folder.stem(file)
    var names = ["jpg", "png", "jpeg", "JPG", "PNG", "JPEG"].map { "\(stem).\($0)" }
    if !stated.isEmpty { names.insert(stated, at: 0) }
    for name in names {
      let path = try Folder.image(named: name, in: imagesFolder, place: file)
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    try intake.missing(
      stated.isEmpty ? "\(stem).jpg" : stated, in: imagesFolder, place: file,
      isAllowed: source.skipMissing ?? false)
    return nil
  }

  private func check(
    _ annotation: VOCAnnotation, of image: String, is size: PixelSize, file: String
  ) throws {
    guard let (said, line) = annotation.size, said != size, said != size.turned else { return }
    throw DataError(
      place: "\(file):\(line)", problem: "<size> says \(said), but \(image) is \(size)",
      cure: "give the images that were annotated, or correct the size in the file",
      kind: .sizeDiffers)
  }

  private mutating func box(_ object: VOCAnnotation.Object) -> LabelledBox {
    let corners = object.corners
    return LabelledBox(
      x0: corners[0] - firstPixel, y0: corners[1] - firstPixel, x1: corners[2], y1: corners[3],
      category: categoryIndex(object.name), isDifficult: object.isDifficult,
      isIgnored: object.isDifficult && source.ignoreDifficult ?? false)
  }

  private mutating func categoryIndex(_ name: String) -> Int {
    if let index = classNames.firstIndex(of: name) { return index }
    classNames.append(name)
    return classNames.count - 1
  }

  /// Classes are sorted by name, so that their order is not that of the files. A class that was asked for
  /// and never occurs is kept without boxes, unless its name looks like a slip.
  private func dataset(name: String) -> Dataset {
    let absent = (source.classes ?? []).filter { wanted in
      !classNames.contains(wanted) && Spelling.nearest(to: wanted, among: classNames) == nil
    }
    let sorted = (classNames + absent).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let newIndex = classNames.map { sorted.firstIndex(of: $0) ?? 0 }
    var dataset = Dataset(
      name: name,
      categories: sorted.enumerated().map { Category(id: Int64($0.offset) + 1, name: $0.element) },
      samples: samples, repairs: intake.repairs, faults: intake.faults)
    for sample in dataset.samples.indices {
      for box in dataset.samples[sample].boxes.indices {
        let old = dataset.samples[sample].boxes[box].category
        dataset.samples[sample].boxes[box].category = newIndex[old]
      }
    }
    dataset.numberBoxes()
    return dataset
  }
}
