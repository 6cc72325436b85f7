public import Foundation

/// Whole files and folders, with errors that name the path and the cure.
public enum Files {
  /// The bytes of a file.
  public static func bytes(_ path: String) throws -> Data {
    try expectFile(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(
        path: path, problem: "cannot be read", cure: "check the permissions of the file",
        errorNumber: EACCES)
    }
    return data
  }

  /// Whether a folder is there, or a link to one.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Fails unless something is there that can be read whole: a file, not a folder, and no pipe or device, which may never end.
  public static func expectFile(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else {
        throw FileError(path: path, action: "read the file", errorNumber: errno)
      }
      throw FileError(
        path: path, problem: "no such file", cure: "check the path", errorNumber: ENOENT)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR:
      throw FileError(path: path, problem: "is a folder, not a file", cure: "name a file in it")
    default:
      throw FileError(
        path: path, problem: "is a pipe or a device, not a file", cure: "save its content in a file"
      )
    }
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

  /// The text of a file in UTF-8, or in UTF-16 where it begins with a byte order mark; marks are no part of the text.
  public static func text(_ path: String) throws -> String {
    let data = try bytes(path)
    guard let text = text(data) else {
      let isWide = data.prefix(512).contains(0)
      throw FileError(
        path: path, problem: isWide ? "looks like UTF-16 without a mark" : "is not UTF-8 text",
        cure: "save it as UTF-8")
    }
    return text
  }

  /// The same of bytes; nil when they are no such text.
  public static func text(_ data: Data) -> String? {
    let mark = Array(data.prefix(3))
    if mark == [0xEF, 0xBB, 0xBF] {
      return String(validating: data.dropFirst(3), as: UTF8.self)
    }
    let isLittle = mark.starts(with: [0xFF, 0xFE])
    if isLittle || mark.starts(with: [0xFE, 0xFF]) {
      let bytes = Array(data.dropFirst(2))
      guard bytes.count % 2 == 0 else { return nil }
      let units = stride(from: 0, to: bytes.count, by: 2).map { place in
        let (low, high) = isLittle ? (place, place + 1) : (place + 1, place)
        return UInt16(bytes[high]) << 8 | UInt16(bytes[low])
      }
      return String(validating: units, as: UTF16.self)
    }
    guard !mark.contains(0) else { return nil }
    return String(validating: data, as: UTF8.self)
  }

  /// Makes a folder and those above it; one that is there already is no error.
  public static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o755) == 0 { return }
    var number = errno
    let above = FilePath.folder(of: path)
    if number == ENOENT, above.utf8.count < path.utf8.count {
      try makeFolder(above)
      if mkdir(path, 0o755) == 0 { return }
      number = errno
    }
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return }
      throw FileError(
        path: path, problem: "is a file, not a folder", cure: "choose another place for the folder",
        errorNumber: ENOTDIR)
    }
    throw FileError(path: path, action: "make the folder", errorNumber: number)
  }
}
