import DetBasics
import Foundation

/// Folders of annotations.
enum Folder {
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Paths of the files in `path` (not below it) with one of the endings, sorted by their bytes.
  static func files(in path: String, endings: Set<String>) throws -> [String] {
    try FolderListing(path).entries
      .filter { $0.kind == .file && endings.contains(FolderTree.ending($0.name)) }
      .map { FilePath.join(path, $0.name) }
  }
}
