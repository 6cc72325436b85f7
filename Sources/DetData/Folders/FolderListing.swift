import DetBasics
import Foundation

/// What stands in one folder, with links followed one step: names sorted by their bytes.
struct FolderListing {
  /// What a name stands for.
  enum Kind {
    case file
    case folder
    case linkToFolder
    /// A link to nothing, a socket and the like: opening it will say what is wrong.
    case other
  }

  struct Entry {
    let name: String
    let kind: Kind
  }

  private let path: String
  private(set) var entries: [Entry] = []
  /// Names that are not UTF-8, with what can be shown of them.
  private(set) var brokenNames: [String] = []

  /// Reads the folder.
  init(_ path: String) throws {
    self.path = path
    guard let folder = opendir(path) else {
      throw DataError(
        place: path, problem: Self.problem(errno), cure: "check the path and its permissions",
        kind: .folderUnreadable)
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        brokenNames.append(String(decoding: bytes, as: UTF8.self))
        continue
      }
      guard name != ".", name != ".." else { continue }
      let kind = Self.kind(Int(entry.pointee.d_type), FilePath.join(path, name))
      entries.append(Entry(name: name, kind: kind))
    }
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    brokenNames.sort()
  }

  /// Paths of the files with one of the endings.
  func files(endings: Set<String>) -> [String] {
    entries.filter { $0.kind == .file && endings.contains(FolderTree.ending($0.name)) }
      .map { FilePath.join(path, $0.name) }
  }

  private static func problem(_ number: Int32) -> String {
    switch number {
    case ENOENT: "no such folder"
    case ENOTDIR: "is a file, not a folder"
    default: "the folder cannot be read: \(String(cString: strerror(number)))"
    }
  }

  private static func kind(_ type: Int, _ path: String) -> Kind {
    if type == Int(DT_REG) { return .file }
    if type == Int(DT_DIR) { return .folder }
    var status = stat()
    guard stat(path, &status) == 0 else { return .other }
    if status.st_mode & S_IFMT == S_IFREG { return .file }
    guard status.st_mode & S_IFMT == S_IFDIR else { return .other }
    return type == Int(DT_LNK) ? .linkToFolder : .folder
  }
}
