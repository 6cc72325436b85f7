import DetBasics
import Foundation

extension DatasetFormat {
  /// The format that a file or folder looks like, however its path is written; nil when it looks like none, or like
  /// several.
  public static func guess(_ path: String) throws -> DatasetFormat? {
    guard Files.isFolder(path) else { return try guessFile(path) }
    let look = try FolderLook(path)
    if look.isVOC { return .voc }
    if let file = look.json {
      return try guessJSON(file) == .bdd ? .bdd : nil
    }
    if look.isYOLO || (look.hasImages && YOLOFolders.usualLabels(of: path) != nil) { return .yolo }
    return look.hasImagesInFoldersAlone ? .folders : nil
  }

  private static func guessFile(_ path: String) throws -> DatasetFormat? {
    switch FolderTree.ending(path) {
    case "json": try guessJSON(path)
    case "xml": try ContentHead(path).rootElement == "annotation" ? .voc : nil
    default: YOLOImageList.looksLikeOne(path) ? .yolo : nil
    }
  }

  /// COCO's file is an object with lists of images and annotations; BDD's a list of frames, or one frame.
  private static func guessJSON(_ path: String) throws -> DatasetFormat? {
    try Files.expectFile(path)
    let head = try ContentHead(path).text.drop { $0 == "\u{FEFF}" }
    let start = head.first { !$0.isWhitespace }
    if start == "[" { return head.contains("\"name\"") ? .bdd : nil }
    guard start == "{" else { return nil }
    let isFrame = head.contains("\"frames\"") || head.contains("\"labels\"")
    let isCOCO = ["\"images\"", "\"annotations\"", "\"categories\""].contains { head.contains($0) }
    return isCOCO == isFrame ? nil : (isCOCO ? .coco : .bdd)
  }
}

/// What lies in a folder, as far as its format shows: a few files of every kind, down to some depth.
private struct FolderLook {
  private(set) var isVOC = false
  private(set) var isYOLO = false
  /// The first JSON file of the folder itself, when it has no text files.
  private(set) var json: String?
  private(set) var hasImages = false
  private var hasImagesAtTop = false
  private static let deepest = 3
  private static let mostFolders = 20

  /// Images lie in folders below, and none beside them.
  var hasImagesInFoldersAlone: Bool { hasImages && !hasImagesAtTop }

  init(_ path: String) throws { try look(into: path, depth: 0) }

  private mutating func look(into path: String, depth: Int) throws {
    let entries = try FolderListing(path).entries.filter { !FolderTree.isHidden($0.name) }
    func files(_ endings: Set<String>) -> [String] {
      entries.lazy.filter { $0.kind == .file && endings.contains(FolderTree.ending($0.name)) }
        .prefix(10).map { FilePath.join(path, $0.name) }
    }
    let texts = files(["txt"])
    if !files(ImageFile.endings).isEmpty {
      hasImages = true
      if depth == 0 { hasImagesAtTop = true }
    }
    isVOC = isVOC || files(["xml"]).contains { (try? ContentHead($0).rootElement) == "annotation" }
    isYOLO = isYOLO || texts.contains(where: YOLOLabelFile.looksLikeOne)
    if depth == 0, texts.isEmpty { json = files(["json"]).first }
    guard depth < Self.deepest else { return }
    for entry in entries.lazy.filter({ $0.kind == .folder || $0.kind == .linkToFolder })
      .prefix(Self.mostFolders)
    {
      try look(into: FilePath.join(path, entry.name), depth: depth + 1)
    }
  }
}
