import DetBasics
import Foundation

/// The images and label files in a folder and below it, and what else lies there.
///
/// Every reader of formats made of many files finds them here, so that all go by the same rules: endings in any case,
/// subfolders at any depth, links to folders followed unless that folder is read already (which ends loops), hidden
/// files and what systems leave behind (`.DS_Store`, `Thumbs.db`, `__MACOSX`, caches) passed over. Hidden images and
/// label files are counted and left out.
struct FolderTree {
  /// A file that was found.
  struct File: Equatable {
    /// Its path, from the folder as it was named.
    let path: String
    /// Its name below that folder, with "/" between folders.
    let name: String
  }

  /// Images by their endings; those of a folder before those of its subfolders, each sorted by bytes.
  private(set) var images: [File] = []
  /// Files with one of the endings of labels.
  private(set) var labels: [File] = []
  /// Pictures that cannot be decoded here, by their endings.
  private(set) var otherPictures: [File] = []
  /// Everything else but notes (text, tables) and what systems leave behind.
  private(set) var others: [File] = []
  /// Hidden files and folders that hold images or label files, with how many.
  private(set) var hidden: [(path: String, images: Int, labels: Int)] = []
  /// Links to folders that are read already.
  private(set) var repeatedLinks: [String] = []
  /// Folders and names that cannot be read.
  private(set) var faults: [DataError] = []

  private let labelEndings: Set<String>
  /// The folders that were read.
  private(set) var folders: Set<FileIdentity> = []
  /// The folder that was asked for.
  let root: FileIdentity?
  private var links: [(path: String, name: String)] = []

  /// Pictures of other kinds, by their endings.
  static let otherPictureEndings: Set<String> = [
    "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif", "jp2", "jxl", "dng", "mpo", "pfm",
    "ppm", "pgm", "tga",
  ]
  private static let notes: Set<String> = [
    "txt", "json", "xml", "csv", "yaml", "yml", "md", "names", "data", "html", "tsv",
  ]

  /// Looks through `root`; files that end with one of `labels` (lower case) are taken for label files.
  init(_ root: String, labels: Set<String> = []) throws {
    labelEndings = labels
    if let problem = SystemFolder.problem(with: root) { throw problem }
    self.root = FileIdentity(root)
    _ = enter(root)
    try read(root, as: "", listing: try FolderListing(root), depth: 0)
    // What lies in real folders is found there; links come last, so that they lead only to what is new.
    while !links.isEmpty {
      let link = links.removeFirst()
      if enter(link.path) {
        try look(into: link.path, as: link.name, depth: 0)
      } else {
        repeatedLinks.append(link.path)
      }
    }
  }

  /// Images and label files that were found otherwise.
  init(images: [File], labels: [File]) {
    self.images = images
    self.labels = labels
    labelEndings = []
    root = nil
  }

  /// What stands behind the last point of a name, in lower case; empty when there is none, or it begins the name.
  static func ending(_ name: String) -> String {
    let last = ImageNames.lastPart(name)
    guard let point = last.lastIndex(of: "."), point > last.startIndex else { return "" }
    return last[last.index(after: point)...].lowercased()
  }

  static func isHidden(_ name: String) -> Bool {
    name.hasPrefix(".") || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(name)
  }

  /// Whether the folder was not read before.
  private mutating func enter(_ path: String) -> Bool {
    FileIdentity(path).map { folders.insert($0).inserted } ?? true
  }

  /// Reads a folder below the root; one that cannot be read is a fault among others.
  private mutating func look(into path: String, as name: String, depth: Int) throws {
    do {
      if let problem = SystemFolder.problem(with: path) { throw problem }
      guard depth < 200 else {
        throw DataError(
          place: path, problem: "lies too deep", cure: "move it nearer", kind: .folderUnreadable)
      }
      try read(path, as: name + "/", listing: try FolderListing(path), depth: depth)
    } catch let error as DataError {
      faults.append(error)
    }
  }

  private mutating func read(
    _ path: String, as prefix: String, listing: FolderListing, depth: Int
  ) throws {
    for name in listing.brokenNames {
      faults.append(
        DataError(
          place: "\(path)/\(name)", problem: "the name is not UTF-8", cure: "rename it",
          kind: .folderUnreadable))
    }
    for entry in listing.entries where entry.kind == .file || entry.kind == .other {
      add(File(path: FilePath.join(path, entry.name), name: prefix + entry.name), entry.name)
    }
    for entry in listing.entries {
      let below = FilePath.join(path, entry.name)
      switch entry.kind {
      case .file, .other: continue
      case .folder, .linkToFolder:
        if Self.isHidden(entry.name) {
          hide(below, try? FolderTree.count(in: below, labels: labelEndings))
        } else if entry.kind == .linkToFolder {
          links.append((below, prefix + entry.name))
        } else if enter(below) {
          try look(into: below, as: prefix + entry.name, depth: depth + 1)
        }
      }
    }
  }

  private mutating func add(_ file: File, _ name: String) {
    let ending = Self.ending(name)
    let isImage = ImageFile.endings.contains(ending)
    let isLabel = labelEndings.contains(ending)
    if Self.isHidden(name) {
      hide(file.path, (isImage ? 1 : 0, isLabel ? 1 : 0))
    } else if isImage {
      images.append(file)
    } else if isLabel {
      labels.append(file)
    } else if Self.otherPictureEndings.contains(ending) {
      otherPictures.append(file)
    } else if !Self.notes.contains(ending), ending != "cache" {
      others.append(file)
    }
  }

  private mutating func hide(_ path: String, _ count: (images: Int, labels: Int)?) {
    guard let count, count.images + count.labels > 0 else { return }
    hidden.append((path, count.images, count.labels))
  }

  private static func count(
    in path: String, labels: Set<String>
  ) throws -> (images: Int, labels: Int) {
    let tree = try FolderTree(path, labels: labels)
    return (
      tree.images.count + tree.hidden.reduce(0) { $0 + $1.images },
      tree.labels.count + tree.hidden.reduce(0) { $0 + $1.labels }
    )
  }
}
