import DetBasics
import Foundation

/// A list of images as YOLO's tools and Darknet write it (`train.txt`): a path on every line.
///
/// A path that is not absolute leads from the list's folder, or from one of the three above it: Darknet's lists are written as
/// seen from where it is started. An image that is not there is looked for below the list's folder by what plainly is meant,
/// as in other formats. Images beside those that are listed belong to other lists: they are counted and left out.
struct YOLOImageList {
  /// The images that are listed, and those beside them, without a place twice.
  private(set) var images: [FolderTree.File] = []
  /// Text files in the folders of images, and in those where their labels usually are.
  private(set) var labels: [FolderTree.File] = []
  /// How many of ``images``, the first ones, are listed.
  private(set) var listedCount = 0

  private let list: ListFile
  private var known: Set<FileIdentity> = []

  /// Reads a list; `labels` names a folder of labels, where they are not beside the images or in `labels`.
  init(
    _ path: String, labels named: String?, skipsMissing: Bool, _ intake: inout BoxIntake
  ) throws {
    list = try ListFile(path, of: "the path of an image")
    try findListed(skipsMissing: skipsMissing, &intake)
    listedCount = images.count
    let folders = Set(images.map { FilePath.folder(of: $0.path) }).sorted()
    for folder in folders { try lookBeside(folder) }
    if named == nil {
      for folder in folders { try lookForLabels(of: folder) }
    }
    // Label files in a folder that is named have the images' names below the folder that all share.
    guard named != nil else { return }
    let shared = Self.sharedFolder(folders)
    images = images.map {
      FolderTree.File(path: $0.path, name: String($0.name.dropFirst(shared.count)))
    }
  }

  /// Whether every line of a file's beginning names a picture.
  static func looksLikeOne(_ path: String) -> Bool {
    guard let head = try? ContentHead(path), !head.looksLikeJSON, head.rootElement == nil else {
      return false
    }
    let lines = head.lines
    return !lines.isEmpty && lines.allSatisfy(ImageNames.isPicture)
  }

  private mutating func findListed(skipsMissing: Bool, _ intake: inout BoxIntake) throws {
    let folder = FilePath.folder(of: list.path)
    let bases = Self.bases(of: list.path)
    var others = ListedImages(folder)
    for entry in list.entries {
      let place = "\(list.path):\(entry.line)"
      do {
        var path = Self.path(entry.text, bases)
        if path == nil { path = try others.find(entry.text, place: place, &intake) }
        guard let path, let identity = FileIdentity(path) else {
          intake.find(.image)
          try intake.missing(entry.text, in: folder, place: place, isAllowed: skipsMissing)
          continue
        }
        if known.insert(identity).inserted {
          images.append(Self.file(path))
        } else {
          intake.note(
            .listedTwice, place,
            "\(entry.text.prefix(80)) stands in the list before, and is taken once")
        }
      } catch {
        intake.find(.image)
        try intake.fault(error, losing: .image)
      }
    }
  }

  /// The list's folder, and the three above it.
  static func bases(of list: String) -> [String] {
    let folder = FilePath.folder(of: list)
    let first = FilePath.folder(of: folder)
    let second = FilePath.folder(of: first)
    return [folder, first, second, FilePath.folder(of: second)]
  }

  private static func path(_ stated: String, _ bases: [String]) -> String? {
    var name = stated
    while name.hasPrefix("./") { name.removeFirst(2) }
    let candidates = name.hasPrefix("/") ? [name] : bases.map { FilePath.joined($0, name) }
    return candidates.first { path in
      !name.contains("\0") && FileManager.default.fileExists(atPath: path) && !Files.isFolder(path)
    }
  }

  private mutating func lookBeside(_ folder: String) throws {
    for entry in try FolderListing(folder).entries
    where entry.kind == .file && !FolderTree.isHidden(entry.name) {
      let file = Self.file(FilePath.join(folder, entry.name))
      let ending = FolderTree.ending(entry.name)
      if ending == "txt" { labels.append(file) }
      guard ImageFile.endings.contains(ending), let identity = FileIdentity(file.path) else {
        continue
      }
      if known.insert(identity).inserted { images.append(file) }
    }
  }

  private mutating func lookForLabels(of folder: String) throws {
    guard let other = YOLOFolders.usualLabels(of: folder) else { return }
    for entry in try FolderListing(other).entries
    where entry.kind == .file && FolderTree.ending(entry.name) == "txt"
      && !FolderTree.isHidden(entry.name)
    {
      labels.append(Self.file(FilePath.join(other, entry.name)))
    }
  }

  /// A file whose name is all of its path, so that those of all folders can be told apart.
  private static func file(_ path: String) -> FolderTree.File {
    let parts = path.split(separator: "/").filter { $0 != "." }
    return FolderTree.File(path: path, name: parts.joined(separator: "/"))
  }

  /// The beginning that the names of all files in these folders have in common, with a slash behind it.
  private static func sharedFolder(_ folders: [String]) -> String {
    let names = folders.map { file($0).name + "/" }
    let shared = names.dropFirst().reduce(names.first ?? "") { $0.commonPrefix(with: $1) }
    return shared.lastIndex(of: "/").map { String(shared[...$0]) } ?? ""
  }
}
