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

  static func read(_ source: DatasetSource, _ policy: FaultPolicy) throws -> Dataset {
    let root = source.images ?? ""
    var reader = ClassFolders(root: root, intake: BoxIntake(policy))
    let tree = try FolderTree(root)
    try reader.intake.take(tree)
    if let labels = source.annotations {
      return try reader.readFlat(tree, labels, classes: source.classes)
    }
    let folders = try FolderListing(root).entries.filter {
      ($0.kind == .folder || $0.kind == .linkToFolder) && !FolderTree.isHidden($0.name)
    }.map(\.name)
    guard !folders.isEmpty else {
      throw DataError(
        place: root, problem: "has no folders in it",
        cure: "put the images of a class into a folder")
    }
    let classes = try reader.classes(source.classes, among: folders)
    reader.sort(tree, folders, classes.map(\.folder))
    return try reader.dataset(classes.map(\.name))
  }

  /// Gives every image the class of the folder it lies in, at any depth.
  private mutating func sort(_ tree: FolderTree, _ folders: [String], _ classes: [String]) {
    let labelOf = Dictionary(
      classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var otherClasses: [String: Int] = [:]
    var sorted = classes.map { _ in [String]() }
    for image in tree.images {
      guard let slash = image.name.firstIndex(of: "/") else {
        intake.leaveOut(
          .image, .imageWithoutLabels, image.path, "lies in no class's folder and is left out")
        continue
      }
      let folder = String(image.name[..<slash])
      intake.find(.label)
      if let label = labelOf[folder] {
        sorted[label].append(image.path)
      } else {
        otherClasses[folder, default: 0] += 1
      }
    }
    for (label, paths) in sorted.enumerated() { files += paths.map { ($0, label) } }
    for folder in folders where labelOf[folder] == nil {
      let count = otherClasses[folder] ?? 0
      intake.leaveOut(
        .image, .otherClass, FilePath.join(root, folder),
        "the class with \(count) \(count == 1 ? "image" : "images") is left out", count: count)
      intake.leaveOut(.label, count, because: .repair(.otherClass))
    }
  }

  private mutating func dataset(_ classes: [String]) throws -> Dataset {
    let samples = try samples()
    return Dataset(
      name: root,
      categories: classes.enumerated().map {
        Category(id: Int64($0.offset) + 1, name: $0.element)
      }, samples: samples, repairs: intake.repairs, faults: intake.faults,
      account: intake.account(of: samples))
  }

  /// One folder of images, whose classes a file lists.
  private mutating func readFlat(
    _ tree: FolderTree, _ labels: String, classes listed: [String]?
  ) throws -> Dataset {
    let images = ImageNames(tree.images)
    let file = try LabelFile(labels, images)
    let classes = listed ?? file.classes
    let numbers = ClassNames(classes)
    var labelOf: [String: Int] = [:]
    var broken: [String: Finding.Kind] = [:]
    intake.find(.label, file.entries.count)
    for (index, entry) in file.entries.enumerated() {
      let image = entry.image ?? (entry.name == nil ? tree.images[index] : nil)
      do {
        guard let image else {
          throw DataError(
            place: file.place(entry),
            problem: "the image \((entry.name ?? "").prefix(80)) is not in \(root)",
            cure: "copy the image, or remove the line", kind: .unknownImage)
        }
        guard labelOf[image.path] == nil else {
          throw DataError(
            place: file.place(entry), problem: "the image \(image.name) has a label already",
            cure: "leave one of the lines out", kind: .idTwice)
        }
        labelOf[image.path] = try numbers.number(of: entry, in: file)
        for kind in entry.undone {
          intake.note(kind, file.place(entry), "names \(entry.name ?? ""); \(image.path) is taken")
        }
      } catch {
        try intake.fault(error, losing: .label)
        if let path = image?.path, labelOf[path] == nil { broken[path] = Finding(error).kind }
      }
    }
    for image in tree.images {
      if let label = labelOf[image.path] {
        files.append((image.path, label))
      } else if let kind = broken[image.path] {
        intake.leaveOut(.image, because: .fault(kind))
      } else {
        try intake.fault(
          DataError(
            place: labels, problem: "has no label for \(image.name)", cure: "add a line for it"),
          losing: .image)
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

  /// Reads the heads of all files, on all cores. A class is that of the whole picture, however it lies: no note on turns.
  private mutating func samples() throws -> [Sample] {
    let files = files
    let sizes = Threads.map(files.map(\.path)) { path in Result { try ImageFile.size(path) } }
    var samples: [Sample] = []
    for (file, size) in zip(files, sizes) {
      do {
        let size = try size.get()
        samples.append(
          Sample(
            imageID: Int64(samples.count) + 1, content: .file(file.path), imageSize: size,
            label: file.label))
      } catch {
        try intake.fault(error, losing: .image)
        intake.leaveOutLabels(1)
      }
    }
    return samples
  }
}
