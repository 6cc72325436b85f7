import DetBasics
import Foundation

/// Reads images for classification: one folder per class, as ImageNet's training images lie.
///
/// Classes are the folders in the order of their bytes, or as listed: a line names a folder, or a folder and then
/// what its class is called (`n01440764 tench`). Images are looked for below a class's folder, too. Images that all lie
/// in one folder have their classes in a ``LabelFile``, as ImageNet's validation images may.
struct ClassFolders: DatasetReader {
  static let summary = "ImageNet: a folder of images per class, for classification."
  static let takesClasses = true

  static let settings = SettingsTable<DatasetSource> {
    $0.include(DatasetSource.common)
    $0.path(
      "images", \.images,
      "The folder that has one folder of images per class, or with `annotations` all images.",
      absent: "the folder that has one folder per class, or with \"annotations\" all images",
      isRequired: true)
    $0.path(
      "annotations", \.annotations, "For images in one folder, the file of their classes.")
  }

  private let root: String
  private var intake: BoxIntake
  private var files: [(path: String, label: Int)] = []
  private static let deepest = 8

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let root = source.images ?? ""
    var reader = ClassFolders(root: root, intake: BoxIntake(policy))
    if let labels = source.annotations {
      return try reader.readFlat(labels, classes: source.classes)
    }
    let folders = try Folder.names(in: root).filter {
      !$0.hasPrefix(".") && Folder.isFolder(Folder.join(root, $0))
    }
    guard !folders.isEmpty else {
      throw DataError(
        place: root, problem: "has no folders in it",
        cure: "put the images of a class into a folder")
    }
    let classes = try reader.classes(source.classes, among: folders)
    try reader.noteStrayFiles()
    for (label, entry) in classes.enumerated() {
      try reader.add(Folder.join(root, entry.folder), label: label, depth: 0)
    }
    try reader.noteOtherClasses(folders.filter { name in !classes.contains { $0.folder == name } })
    return try reader.dataset(classes.map(\.name))
  }

  private mutating func dataset(_ classes: [String]) throws -> Dataset {
    let samples = try samples()
    return Dataset(
      name: root,
      categories: classes.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element)
      }, samples: samples, repairs: intake.repairs, faults: intake.faults)
  }

  /// One folder of images, whose classes a file lists.
  private mutating func readFlat(_ labels: String, classes listed: [String]?) throws -> Dataset {
    let (images, others) = try Folder.images(in: root)
    for other in others {
      intake.note(.otherFile, other, "is no JPEG or PNG by its name and is left out")
    }
    let names = images.map { ($0 as NSString).lastPathComponent }
    let file = try LabelFile(labels, images: names)
    let classes = listed ?? file.classes
    let numbers = ClassNames(classes)
    var labelOf: [String: Int] = [:]
    let known = Set(names)
    for (index, entry) in file.entries.enumerated() {
      do {
        let name = entry.image ?? names[index]
        guard known.contains(name) else {
          throw DataError(
            place: file.place(entry), problem: "the image \(name.prefix(80)) is not in \(root)",
            cure: "copy the image, or remove the line", kind: .unknownImage)
        }
        let number = try numbers.number(of: entry, in: file)
        guard labelOf.updateValue(number, forKey: name) == nil else {
          throw DataError(
            place: file.place(entry), problem: "the image \(name) has a label already",
            cure: "leave one of the lines out", kind: .idTwice)
        }
      } catch { try intake.fault(error) }
    }
    for (path, name) in zip(images, names) {
      if let label = labelOf[name] {
        files.append((path, label))
      } else if intake.faults.isEmpty {
        try intake.fault(
          DataError(
            place: labels, problem: "has no label for \(name)", cure: "add a line for it"))
      }
    }
    return try dataset(classes)
  }

  private init(root: String, intake: BoxIntake) {
    self.root = root
    self.intake = intake
  }

  private func classes(
    _ listed: [String]?, among folders: [String]
  ) throws -> [(folder: String, name: String)] {
    guard let listed else { return folders.map { ($0, $0) } }
    return try listed.map { line in
      if folders.contains(line) { return (line, line) }
      let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
      if parts.count == 2, folders.contains(String(parts[0])) {
        return (String(parts[0]), String(parts[1]))
      }
      throw DataError(
        place: root,
        problem:
          "there is no folder for the class \"\(line)\"\(Spelling.hint(for: line, among: folders))",
        cure: "name folders, or a folder and then its class", kind: .unknownClass)
    }
  }

  private mutating func add(_ folder: String, label: Int, depth: Int) throws {
    guard depth <= Self.deepest else {
      return try intake.fault(
        DataError(place: folder, problem: "lies too deep", cure: "put images nearer to the class"))
    }
    let (images, others) = try Folder.images(in: folder)
    files += images.map { ($0, label) }
    for other in others {
      intake.note(.otherFile, other, "is no JPEG or PNG by its name and is left out")
    }
    for name in try Folder.names(in: folder) where Folder.isFolder(Folder.join(folder, name)) {
      try add(Folder.join(folder, name), label: label, depth: depth + 1)
    }
  }

  private mutating func noteStrayFiles() throws {
    let (images, others) = try Folder.images(in: root)
    for file in images + others {
      intake.note(.otherFile, file, "lies in no class's folder and is left out")
    }
  }

  private mutating func noteOtherClasses(_ folders: [String]) throws {
    for folder in folders {
      let count = try Folder.images(in: Folder.join(root, folder)).images.count
      intake.note(
        .otherClass, Folder.join(root, folder), "the class with \(count) images is left out")
    }
  }

  /// Reads the heads of all files, on all cores.
  private mutating func samples() throws -> [Sample] {
    let files = files
    let sizes = OrderedResults<Result<PixelSize, any Error>>(count: files.count)
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      sizes.set(index, Result { try ImageFile.size(files[index].path) })
    }
    var samples: [Sample] = []
    for (file, size) in zip(files, sizes.values) {
      do {
        guard let size = try size?.get() else { continue }
        samples.append(
          Sample(
            imageID: Int64(samples.count) + 1, content: .file(file.path), imageSize: size,
            label: file.label))
      } catch {
        try intake.fault(error)
      }
    }
    return samples
  }
}
