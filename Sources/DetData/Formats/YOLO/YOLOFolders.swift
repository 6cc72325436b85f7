import DetBasics
import Foundation

/// Which label files belong to which images, by one rule that also says which belong to none.
///
/// A label file has its image's name. It lies beside the image, or where `labels` stands for the last folder `images` of
/// its path (`set/images/day2/a.jpg`, `set/labels/day2/a.txt`), or in the folder that the source names, and then only
/// there. Names are compared to the byte first, then in one Unicode form, then without regard to case.
struct YOLOFolders {
  /// What lies in the folder of images.
  let images: FolderTree
  /// What lies in the folder of labels, where that is another.
  let apart: FolderTree?
  /// Every text file that may be a label file.
  private(set) var labels: [FolderTree.File] = []
  /// By image (pictures of other kinds behind the others): its label files.
  private(set) var labelsOf: [[Int]] = []
  /// By label file: its images.
  private(set) var imagesOf: [[Int]] = []
  /// By label file: found in another spelling than its image's.
  private(set) var isOtherForm: [Bool] = []
  /// How many of the images, the first ones, are to be read; nil: all.
  private(set) var listedCount: Int?

  /// Takes the images of a list, whose label files lie beside them or in `labels`, or in the folder that is named.
  init(list: YOLOImageList, labels named: String?) throws {
    images = FolderTree(images: list.images, labels: named == nil ? list.labels : [])
    apart = try named.map { try FolderTree($0, labels: ["txt"]) }
    listedCount = list.listedCount
    pair(named: named)
  }

  /// Looks through the folder of images, and that of labels when it is named or where it usually is.
  init(images folder: String, labels named: String?) throws {
    images = try FolderTree(folder, labels: ["txt"])
    let labelsFolder = named ?? Self.usualLabels(of: folder)
    if let labelsFolder, FileIdentity(labelsFolder) != FileIdentity(folder) {
      apart = try FolderTree(labelsFolder, labels: ["txt"])
    } else {
      apart = nil
    }
    pair(named: named)
  }

  /// Whether the folder of labels lies in that of the images, whose tree has all that is in it.
  var apartIsWithin: Bool {
    guard let apart else { return false }
    return apart.root.map(images.folders.contains) ?? false
  }

  /// The layout of the format's own tools: images/train beside labels/train; nil when it is not there.
  static func usualLabels(of images: String) -> String? {
    let path =
      images.hasPrefix("/")
      ? images : FilePath.join(FileManager.default.currentDirectoryPath, images)
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    guard let place = parts.lastIndex(where: { $0.lowercased() == "images" }) else { return nil }
    let holding = "/" + parts[..<place].joined(separator: "/")
    let names = (try? FolderListing(holding))?.entries.map(\.name) ?? []
    let candidates = names.filter { $0.lowercased() == "labels" }
    guard let name = candidates.first(where: { $0 == "labels" }) ?? candidates.first else {
      return nil
    }
    let labels = ([holding, name] + parts[(place + 1)...]).joined(separator: "/")
    guard Files.isFolder(labels) else { return nil }
    // As it was named, where that is how it is reached.
    let short = images.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let last = short.lastIndex(where: { $0.lowercased() == "images" }) else { return labels }
    return (short[..<last] + [name] + short[(last + 1)...]).joined(separator: "/")
  }

  // MARK: Pairs

  private mutating func pair(named: String?) {
    let pictures = images.images + images.otherPictures
    let other = apart?.labels ?? []
    let isOther = Set(images.labels.isEmpty ? [] : other.compactMap { FileIdentity($0.path) })
    let beside = images.labels.filter { file in
      isOther.isEmpty || !(FileIdentity(file.path).map(isOther.contains) ?? false)
    }
    labels = beside + other
    // Where the source names another folder, files beside the images are not labels of theirs.
    let keys =
      beside.map { named == nil || apart == nil ? "b/" + Self.stem($0.name) : nil }
      + other.map { "a/" + Self.stem($0.name) }
    labelsOf = pictures.map { _ in [] }
    imagesOf = labels.map { _ in [] }
    isOtherForm = labels.map { _ in false }
    let wanted = pictures.map { keysWanted($0.name, named: named) }
    for (isOther, form) in Self.forms.enumerated().map({ ($0 > 0, $1) }) {
      link(wanted, keys, form, isOther)
    }
  }

  /// Links images and label files that have no partner yet and whose names are equal in a form.
  private mutating func link(
    _ wanted: [[String]], _ keys: [String?], _ form: (String) -> Data, _ isOther: Bool
  ) {
    var labelsByKey: [Data: [Int]] = [:]
    for (label, key) in keys.enumerated() where imagesOf[label].isEmpty {
      if let key { labelsByKey[form(key), default: []].append(label) }
    }
    let open = wanted.indices.filter { labelsOf[$0].isEmpty }
    for image in open {
      for label in Set(wanted[image].flatMap { labelsByKey[form($0)] ?? [] }).sorted() {
        labelsOf[image].append(label)
        imagesOf[label].append(image)
        isOtherForm[label] = isOther
      }
    }
  }

  /// To the byte, in one Unicode form, without regard to case.
  private static let forms: [@Sendable (String) -> Data] = [
    { Data($0.utf8) }, { Data($0.precomposedStringWithCanonicalMapping.utf8) },
    { Data($0.lowercased().precomposedStringWithCanonicalMapping.utf8) },
  ]

  /// Where the label file of an image may lie: "b/…" in the folder of images, "a/…" in that of labels.
  private func keysWanted(_ name: String, named: String?) -> [String] {
    let stem = Self.stem(name)
    let parts = stem.split(separator: "/").map(String.init)
    let place = parts.dropLast().lastIndex { $0.lowercased() == "images" }
    if named != nil, apart != nil {
      let below = place.map { parts[($0 + 1)...].joined(separator: "/") }
      return ["a/" + stem] + (below.map { ["a/" + $0] } ?? [])
    }
    guard let place else { return ["b/" + stem, "a/" + stem] }
    let swapped = (parts[..<place] + ["labels"] + parts[(place + 1)...]).joined(separator: "/")
    return ["b/" + stem, "b/" + swapped]
  }

  private static func stem(_ name: String) -> String {
    String(name.dropLast(FolderTree.ending(name).count + 1))
  }
}
