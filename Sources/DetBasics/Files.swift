public import Foundation

/// Whole files and folders, with errors that name the path and the cure.
public enum Files {
  /// The bytes of a file.
  public static func bytes(_ path: String) throws -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileError(path: path, problem: "no such file", cure: "check the path")
    }
    guard !isFolder.boolValue else {
      throw FileError(path: path, problem: "is a folder, not a file", cure: "name a file in it")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(
        path: path, problem: "cannot be read", cure: "check the permissions of the file")
    }
    return data
  }

  /// The bytes of a file; one of more than `most` bytes is refused unread.
  public static func bytes(_ path: String, most: Int) throws -> Data {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let size = attributes?[.size] as? Int ?? 0
    guard size <= most else {
      throw FileError(
        path: path, problem: "has \(size) bytes, more than the \(most) allowed",
        cure: "check that it is the right file")
    }
    return try bytes(path)
  }

  /// The text of a UTF-8 file.
  public static func text(_ path: String) throws -> String {
    guard let text = String(data: try bytes(path), encoding: .utf8) else {
      throw FileError(path: path, problem: "is not UTF-8 text", cure: "save it as UTF-8")
    }
    return text
  }

  /// Makes a folder and those above it; one that is there already is no error.
  public static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o755) == 0 { return }
    var number = errno
    let above = (path as NSString).deletingLastPathComponent
    if number == ENOENT, !above.isEmpty, above != path {
      try makeFolder(above)
      if mkdir(path, 0o755) == 0 { return }
      number = errno
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return
    }
    throw FileError(path: path, action: "make the folder", errorNumber: number)
  }
}
