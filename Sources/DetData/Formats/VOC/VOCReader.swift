import DetBasics
import Foundation

/// Reads Pascal VOC: one XML file per image.
///
/// VOC counts pixels from 1 and includes the last one, so that x0 = xmin - 1 and x1 = xmax. Files of tools
/// that count from 0 say so with `"firstPixel": 0`; then x0 = xmin.
///
/// An image is what `<filename>` says, as ``ImageNames`` finds it, or else the one with the annotation file's own name that
/// no other file names.
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
      absent: "JPEGImages beside the folder of annotations or in it, or that folder itself")
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
  private let folders: VOCFolders
  private let names: ImageNames
  /// Pictures that cannot be decoded, which are listed as such.
  private let otherNames: ImageNames
  private var intake: BoxIntake
  private var classNames: [String] = []
  private var samples: [(file: Int, sample: Sample)] = []
  /// Paths of images that an annotation file is about, used or not.
  private var claimed: Set<String> = []

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    var reader = VOCReader(source, try VOCFolders(source), BoxIntake(policy))
    try reader.takeFolders()
    var later: [Int] = []
    for index in reader.folders.files.indices {
      if try !reader.add(index, byOwnName: false) { later.append(index) }
    }
    // Names that nothing was found by: now it is known which images are others'.
    for index in later { _ = try reader.add(index, byOwnName: true) }
    reader.noteRest()
    return reader.dataset(name: source.annotations ?? "")
  }

  private init(_ source: DatasetSource, _ folders: VOCFolders, _ intake: BoxIntake) {
    self.source = source
    self.folders = folders
    self.intake = intake
    names = ImageNames(folders.images.images)
    otherNames = ImageNames(folders.images.otherPictures)
    firstPixel = Double(source.firstPixel ?? 1)
  }

  // MARK: What lies in the folders

  private mutating func takeFolders() throws {
    if let annotations = folders.annotations {
      let isOne = folders.imagesFolder == source.annotations
      try intake.take(annotations, images: isOne)
      if !isOne { try intake.take(folders.images, labelFiles: false) }
      intake.find(.labelFile, annotations.labels.count)
      leaveOutNotListed()
    } else {
      intake.find(.labelFile)
    }
    for (name, place) in folders.absent {
      intake.find(.labelFile)
      try intake.fault(
        DataError(
          place: place, problem: "there is no annotation file for \(name.prefix(80))",
          cure: "copy \(name.prefix(80)).xml into the folder of annotations, or remove the line"),
        losing: .labelFile)
      if case .found(let image, _) = names.find(name), claim(image.path) {
        intake.leaveOut(.image, because: .fault(.annotationBroken))
      }
    }
    for (name, place) in folders.repeated {
      intake.note(
        .listedTwice, place, "\(name.prefix(80)) stands in the list before, and is taken once")
    }
  }

  private mutating func leaveOutNotListed() {
    guard let first = folders.notListed.first, let list = source.imageSet else { return }
    let count = folders.notListed.count
    intake.leaveOut(
      .labelFile, .notListed, list,
      "\(count) annotation \(count == 1 ? "file is" : "files are") not in the list and left out (\(first.path)"
        + "\(count == 1 ? "" : ", …"))", count: count)
  }

  /// Images that no annotation file is about.
  private mutating func noteRest() {
    intake.noteOrientations(in: source.annotations ?? "")
    guard folders.annotations != nil else { return }
    let rest = folders.images.images.filter { !claimed.contains($0.path) }
    guard let list = source.imageSet else {
      for image in rest {
        intake.leaveOut(
          .image, .imageWithoutLabels, image.path, "no annotation file is about it; it is left out")
      }
      return
    }
    guard let first = rest.first else { return }
    intake.leaveOut(
      .image, .notListed, list,
      "\(rest.count) \(rest.count == 1 ? "image is" : "images are") of no file in the list and left out (\(first.path)"
        + "\(rest.count == 1 ? "" : ", …"))", count: rest.count)
  }

  // MARK: One annotation file

  /// A file of annotations for one image; the largest of VOC has 20 KB.
  private static let mostBytes = 64 << 20

  /// Reads a file and its image; false: the image is not there by the name that is written, and its own was not tried.
  private mutating func add(_ index: Int, byOwnName: Bool) throws -> Bool {
    let file = folders.files[index]
    let annotation: VOCAnnotation
    do {
      annotation = try Self.parse(file.path)
    } catch {
      try intake.fault(error, losing: .labelFile)
      leaveOutImage(of: file, because: Finding(error).kind)
      return true
    }
    do {
      guard let image = try image(of: file, annotation, byOwnName: byOwnName) else { return false }
      intake.find(.label, annotation.objectCount)
      // An image that several files are about is several images of the data set.
      if !claim(image) { intake.find(.image) }
      try add(annotation, image, index)
    } catch let unused as Unused {
      if unused.isNew { intake.find(.label, annotation.objectCount) }
      intake.leaveOut(.labelFile, because: .imageNotUsed)
      intake.leaveOutLabels(annotation.objectCount)
    }
    return true
  }

  /// Says that an annotation file is about an image; whether it is the first. Where a single file is read, its image is
  /// all that was found.
  private mutating func claim(_ image: String) -> Bool {
    let isNew = claimed.insert(image).inserted
    if isNew, folders.annotations == nil { intake.find(.image) }
    return isNew
  }

  /// Thrown where an image cannot be used, which is listed already.
  private struct Unused: Error {
    /// Whether the labels were not counted yet.
    let isNew: Bool
  }

  private static func parse(_ path: String) throws -> VOCAnnotation {
    do {
      return try VOCAnnotation(try Files.bytes(path, most: mostBytes), place: path)
    } catch let error as FileError {
      throw DataError(place: path, problem: error.problem, cure: error.cure)
    }
  }

  /// The image of a file that cannot be read goes with it.
  private mutating func leaveOutImage(of file: VOCFolders.File, because kind: Finding.Kind) {
    guard case .found(let image, _) = names.find(file.stem), claim(image.path) else { return }
    intake.leaveOut(.image, because: .fault(kind))
  }

  private mutating func add(_ annotation: VOCAnnotation, _ image: String, _ index: Int) throws {
    let size: PixelSize
    do {
      size = try intake.size(
        of: image, try ImageFile.header(image), stated: annotation.statedSize,
        fits: { annotation.fits($0) })
    } catch {
      try intake.fault(error, losing: .image)
      throw Unused(isNew: false)
    }
    intake.useLabelFile()
    var boxes: [LabelledBox] = []
    for number in 0..<annotation.objectCount {
      do {
        let object = try annotation.object(number)
        let box = box(object)
        if let kept = intake.take(box, in: size, place: object.place) { boxes.append(kept) }
      } catch {
        try intake.fault(error, losing: .label)
      }
    }
    samples.append(
      (index, Sample(imageID: 0, content: .file(image), imageSize: size, boxes: boxes)))
  }

  // MARK: The image of a file

  /// The path of the image; nil: not found by the name that is written. Throws ``Unused`` when it cannot be used.
  private mutating func image(
    of file: VOCFolders.File, _ annotation: VOCAnnotation, byOwnName: Bool
  ) throws -> String? {
    let stated = annotation.fileName
    if byOwnName { return try imageByOwnName(of: file, stated) }
    guard !stated.isEmpty else { return try imageWithoutName(of: file) }
    if let (image, kinds) = imageBeside(file, stated) { return take(image, kinds, file, stated) }
    switch names.find(stated) {
    case .found(let image, let kinds): return take(image, kinds, file, stated)
    case .several(let images): throw try unclear(images, file, "names \(stated.prefix(120))")
    case .none: return nil
    }
  }

  /// The image in a folder of the same name as the one that the annotation file lies in, where there is one.
  private func imageBeside(
    _ file: VOCFolders.File, _ stated: String
  ) -> (FolderTree.File, [Repair.Kind])? {
    guard let slash = file.stem.lastIndex(of: "/") else { return nil }
    let folder = String(file.stem[..<slash])
    let isForeign = ImageNames.leadsOut(stated)
    let name =
      isForeign
      ? ImageNames.lastPart(stated.replacingOccurrences(of: "\\", with: "/")) : stated
    guard case .found(let image, let kinds) = names.find("\(folder)/\(name)") else { return nil }
    let isBeside = FilePath.folder(of: "/" + image.name).hasSuffix(
      "/" + ImageNames.lastPart(folder))
    guard isBeside || !kinds.contains(.nameFolder) else { return nil }
    let undone: [Repair.Kind] =
      isForeign ? (stated.contains("\\") ? [.nameSeparators] : []) + [.nameFolder] : []
    return (image, undone + kinds.filter { $0 != .nameFolder })
  }

  private mutating func take(
    _ image: FolderTree.File, _ undone: [Repair.Kind], _ file: VOCFolders.File, _ stated: String
  ) -> String {
    for kind in undone {
      intake.note(kind, file.path, "names \(stated.prefix(120)); \(image.path) is taken")
    }
    return image.path
  }

  private mutating func imageWithoutName(of file: VOCFolders.File) throws -> String? {
    switch names.find(file.stem) {
    case .found(let image, let kinds):
      if kinds.contains(.nameForm) {
        intake.note(.nameForm, file.path, "names no image; \(image.path) is taken")
      }
      return image.path
    case .several(let images): throw try unclear(images, file, "names no image")
    case .none: return nil
    }
  }

  private mutating func imageByOwnName(of file: VOCFolders.File, _ stated: String) throws -> String
  {
    switch names.find(file.stem) {
    case .found(let image, _) where !claimed.contains(image.path):
      intake.note(
        .nameOfAnnotation, file.path,
        "names \(stated.prefix(120)), which is not there; \(image.path) is taken")
      return image.path
    case .several(let images): throw try unclear(images, file, "names \(stated.prefix(120))")
    case .found, .none:
      if case .found = otherNames.find(stated.isEmpty ? file.stem : stated) {
        throw Unused(isNew: true)
      }
      intake.find(.image)
      let isAllowed = source.skipMissing ?? false
      if ImageNames.leadsOut(stated), !isAllowed {
        try intake.fault(
          DataError(
            place: file.path,
            problem: "the image name \"\(stated.prefix(80))\" leads out of the folder of images",
            cure: "name the image relative to \(folders.imagesFolder)", kind: .pathOutside),
          losing: .image)
      } else {
        try intake.missing(
          stated.isEmpty ? "\(file.stem).jpg" : String(stated.prefix(200)),
          in: folders.imagesFolder, place: file.path, isAllowed: isAllowed)
      }
      throw Unused(isNew: true)
    }
  }

  /// Several images that a file may be about: all are left out.
  private mutating func unclear(
    _ images: [FolderTree.File], _ file: VOCFolders.File, _ says: String
  ) throws -> Unused {
    let paths = images.prefix(3).map(\.path).joined(separator: " or ")
    try intake.fault(
      DataError(
        place: file.path, problem: "\(says), which may be \(paths)",
        cure: "write the whole name into <filename>", kind: .labelsUnclear))
    for image in images where claim(image.path) {
      intake.leaveOut(.image, because: .fault(.labelsUnclear))
    }
    return Unused(isNew: true)
  }

  // MARK: Boxes and classes

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
    let ordered = samples.sorted { $0.file < $1.file }.map(\.sample)
    var dataset = Dataset(
      name: name,
      categories: sorted.enumerated().map { Category(id: Int64($0.offset) + 1, name: $0.element) },
      samples: ordered, repairs: intake.repairs, faults: intake.faults,
      account: intake.account(of: ordered))
    for sample in dataset.samples.indices {
      dataset.samples[sample].imageID = Int64(sample) + 1
      for box in dataset.samples[sample].boxes.indices {
        let old = dataset.samples[sample].boxes[box].category
        dataset.samples[sample].boxes[box].category = newIndex[old]
      }
    }
    dataset.numberBoxes()
    return dataset
  }
}
