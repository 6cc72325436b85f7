import DetBasics
import Foundation

/// Reads YOLO text: per image a file of lines as ``YOLOLine`` has them. Images without a file have no boxes. The images are those
/// of a folder, or those that a list names (``YOLOImageList``).
///
/// Shares are of the upright picture, as the format's own tools show it to whoever draws boxes and to the detector.
struct YOLOReader: DatasetReader {
  static let summary = "YOLO: one text file per image, boxes as shares of the image."
  static let takesClasses = true

  static let settings = SettingsTable<DatasetSource> {
    $0.optional(
      "classes", \.classes, "The names of the classes, which the files number from 0.",
      DatasetSource.classesRule, absent: "those of `classFile`, which is needed then")
    $0.include(DatasetSource.files)
    $0.path(
      "images", \.images,
      "The folder of images, those in its subfolders too, or a text file with the path of one on every line.",
      absent: "the folder of images", isRequired: true)
    $0.path(
      "annotations", \.annotations, "The folder of text files, one per image.",
      absent: "labels/… where the images are in images/…, and the folder of images")
    $0.check { source in
      source.classes == nil && source.classFile == nil
        ? "the key \"classes\" is missing: YOLO files name classes by number" : nil
    }
  }

  private let classCount: Int
  private let folders: YOLOFolders
  private var intake: BoxIntake
  private var samples: [Sample] = []

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let folder = source.images ?? ""
    let classes = source.classes ?? []
    var intake = BoxIntake(policy)
    let folders: YOLOFolders
    if !Files.isFolder(folder), YOLOImageList.looksLikeOne(folder) {
      let list = try YOLOImageList(
        folder, labels: source.annotations, skipsMissing: source.skipMissing ?? false, &intake)
      folders = try YOLOFolders(list: list, labels: source.annotations)
    } else {
      folders = try YOLOFolders(images: folder, labels: source.annotations)
    }
    var reader = YOLOReader(classCount: classes.count, folders: folders, intake: intake)
    try reader.readAll(folder)
    var dataset = Dataset(
      name: folder,
      categories: classes.enumerated().map { Category(id: Int64($0.offset) + 1, name: $0.element) },
      samples: reader.samples, repairs: reader.intake.repairs, faults: reader.intake.faults,
      account: reader.intake.account(of: reader.samples))
    dataset.numberBoxes()
    return dataset
  }

  private init(classCount: Int, folders: YOLOFolders, intake: BoxIntake) {
    self.classCount = classCount
    self.folders = folders
    self.intake = intake
  }

  private mutating func readAll(_ folder: String) throws {
    try intake.take(folders.images)
    if let apart = folders.apart, !folders.apartIsWithin {
      try intake.take(apart, images: false)
    }
    let unclear = try judgeLabelFiles()
    leaveOutNotListed(of: folder)
    for image in listed where !unclear.contains(image) { try add(image) }
    for label in folders.labels.indices where folders.imagesOf[label].isEmpty {
      try judgeStranger(label)
    }
    intake.noteOrientations(in: folder)
  }

  /// The images that are to be read.
  private var listed: Range<Int> { 0..<(folders.listedCount ?? folders.images.images.count) }

  /// Counts the images beside those of a list, and the label files that belong to them alone.
  private mutating func leaveOutNotListed(of list: String) {
    let images = folders.images.images
    guard let first = images.dropFirst(listed.count).first else { return }
    let count = images.count - listed.count
    intake.leaveOut(
      .image, .notListed, list,
      "does not name \(count) \(count == 1 ? "image" : "images") beside those it names, left out "
        + "(\(first.path)\(count == 1 ? "" : ", …"))", count: count)
  }

  /// Reads a label file, and counts it and its lines.
  private mutating func open(_ label: Int) -> Result<YOLOLabelFile, any Error> {
    intake.find(.labelFile)
    let result = Result { try YOLOLabelFile(folders.labels[label].path) }
    if let file = try? result.get() { intake.find(.label, file.lines.count) }
    return result
  }

  private static func lineCount(_ file: Result<YOLOLabelFile, any Error>) -> Int {
    (try? file.get().lines.count) ?? 0
  }

  private func path(ofImage image: Int) -> String { folders.images.images[image].path }

  // MARK: Label files

  /// Judges those of several images, or of pictures that cannot be decoded; gives the images whose labels are not plain.
  private mutating func judgeLabelFiles() throws -> Set<Int> {
    var unclear: Set<Int> = []
    for (label, images) in folders.imagesOf.enumerated() {
      let usable = images.filter(listed.contains)
      if images.isEmpty { continue }
      if usable.isEmpty {
        leaveOut(open(label))  // Of a picture that cannot be decoded, or that no list names.
      } else if usable.count > 1 {
        try judgeShared(label, usable)
        for image in usable where unclear.insert(image).inserted {
          intake.leaveOut(.image, because: .fault(.labelsUnclear))
        }
      }
    }
    for image in unclear.sorted() {
      for label in folders.labelsOf[image] where folders.imagesOf[label].count == 1 {
        leaveOut(open(label))
      }
    }
    return unclear
  }

  /// Counts a label file whose image is not used.
  private mutating func leaveOut(_ file: Result<YOLOLabelFile, any Error>) {
    intake.leaveOut(.labelFile, because: .imageNotUsed)
    intake.leaveOutLabels(Self.lineCount(file))
  }

  /// Label files for images that are not there mean that the two folders do not belong together.
  private mutating func judgeStranger(_ label: Int) throws {
    let path = folders.labels[label].path
    guard YOLOLabelFile.looksLikeOne(path) else { return }
    let file = open(label)
    try intake.fault(
      DataError(
        place: path, problem: "there is no image of that name",
        cure: "check that \"annotations\" and \"images\" belong together", kind: .unknownImage),
      losing: .labelFile)
    intake.leaveOut(.label, Self.lineCount(file), because: .fault(.unknownImage))
  }

  /// Two images of one name but for its ending: the label file may be of either.
  private mutating func judgeShared(_ label: Int, _ images: [Int]) throws {
    let file = open(label)
    let names = images.map { path(ofImage: $0) }
    try intake.fault(
      DataError(
        place: folders.labels[label].path,
        problem: "may belong to \(names.joined(separator: " or "))",
        cure: "give the images different names, and each its own label file", kind: .labelsUnclear),
      losing: .labelFile)
    intake.leaveOutLabels(Self.lineCount(file))
  }

  // MARK: Images

  private mutating func add(_ image: Int) throws {
    let path = path(ofImage: image)
    let files = folders.labelsOf[image].map { open($0) }
    guard try arePlain(files, of: image) else { return }
    let file = try files.first?.get()
    let size: PixelSize
    do {
      size = try intake.size(of: path, try ImageFile.header(path), stated: nil)
    } catch {
      try intake.fault(error, losing: .image)
      if let first = files.first { leaveOut(first) }
      return
    }
    var sample = Sample(
      imageID: Int64(samples.count) + 1, content: .file(path), imageSize: size)
    if let file {
      intake.useLabelFile()
      if folders.isOtherForm[folders.labelsOf[image][0]] {
        intake.note(.nameForm, file.path, "is of \(path), whose name is spelt in another form")
      }
      sample.boxes = try boxes(file, size: size)
    }
    samples.append(sample)
  }

  /// Whether the label files of an image say one thing; otherwise they and the image are left out.
  private mutating func arePlain(
    _ files: [Result<YOLOLabelFile, any Error>], of image: Int
  ) throws -> Bool {
    let labels = folders.labelsOf[image]
    guard files.count > 1 else {
      guard case .failure(let error) = files.first else { return true }
      try intake.fault(error, losing: .labelFile)
      intake.leaveOut(.image, because: .fault(Finding(error).kind))
      return false
    }
    let contents = files.map { try? $0.get().bytes }
    let paths = labels.map { folders.labels[$0].path }
    if contents.allSatisfy({ $0 != nil && $0 == contents[0] }) {
      for (file, path) in zip(files, paths).dropFirst() {
        intake.leaveOut(
          .labelFile, .labelFileTwice, path, "says the same as \(paths[0]) and is left out")
        intake.leaveOut(.label, Self.lineCount(file), because: .repair(.labelFileTwice))
      }
      return true
    }
    try intake.fault(
      DataError(
        place: path(ofImage: image),
        problem: "has label files that differ: \(paths.joined(separator: " and "))",
        cure: "remove the one that is out of date", kind: .labelsUnclear), losing: .image)
    for file in files { leaveOut(file) }
    return false
  }

  private mutating func boxes(_ file: YOLOLabelFile, size: PixelSize) throws -> [LabelledBox] {
    var boxes: [LabelledBox] = []
    for (words, number) in file.lines {
      let place = "\(file.path):\(number)"
      do {
        let line = try YOLOLine(words, classCount: classCount, place: place)
        for repair in line.repairs { intake.note(repair.kind, place, repair.detail) }
        if let kept = intake.take(line.box(in: size), in: size, place: place) { boxes.append(kept) }
      } catch {
        try intake.fault(error, losing: .label)
      }
    }
    return boxes
  }
}

extension YOLOLine {
  /// The box in pixels of a picture.
  fileprivate func box(in size: PixelSize) -> LabelledBox {
    // Shares are written with six digits; a millionth of the image is their rounding, not an overhang.
    func edge(_ share: Double, _ length: Int) -> Double {
      let (length, place) = (Double(length), share * Double(length))
      if abs(place) < 2e-6 * length { return 0 }
      return abs(place - length) < 2e-6 * length ? length : place
    }
    return LabelledBox(
      x0: edge(edges[0], size.width), y0: edge(edges[1], size.height),
      x1: edge(edges[2], size.width), y1: edge(edges[3], size.height), category: category)
  }
}
