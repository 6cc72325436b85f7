import DetBasics
import Foundation

/// Folders of annotations and images.
enum Folder {
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Paths of the files in `path` (not below it) with one of the endings, sorted by their bytes.
  static func files(in path: String, endings: Set<String>) throws -> [String] {
    try names(in: path)
      .filter { endings.contains(($0 as NSString).pathExtension.lowercased()) }
      .map { join(path, $0) }
  }

  /// What is in a folder, sorted by bytes.
  static func names(in path: String) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw FileError(
        path: path, problem: "no such folder, or it cannot be read", cure: "check the path")
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The folder a file is in.
  static func holding(_ path: String) -> String {
    FilePath.folder(of: path)
  }

  static func stem(_ path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  /// The path of an image that an annotation file names. A name that leads out of the folder is refused:
  /// annotation files come from elsewhere and may name anything.
  static func image(named name: String, in folder: String, place: String) throws -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.hasPrefix("/"), !parts.contains(".."), !name.contains("\0") else {
      throw DataError(
        place: place,
        problem: "the image name \"\(name.prefix(80))\" leads out of the folder of images",
        cure: "name the image relative to \(folder)", kind: .pathOutside)
    }
    return join(folder, name)
  }
}
