public import Foundation

/// A file that a verb is to write, of a name that nothing has yet.
///
/// This is the rule of every verb: what this run of the program did not make is not written over, moved or deleted. One
/// file goes through this type, a folder of them through ``OutputFolder``.
///
/// ```swift
/// let page = NewFile("doctor.html", option: "--html")
/// try page.check()              // before the work
/// try page.write(html)          // refused again if somebody was faster
/// ```
public struct NewFile: Sendable, Hashable {
  /// Where it will be.
  public let path: String
  /// The words that choose another place, for the cure: `--output`.
  public let option: String

  /// Names a file; nothing is looked at.
  public init(_ path: String, option: String) {
    self.path = path
    self.option = option
  }

  /// Fails when something has the name already, or when the folder for it is not there.
  public func check() throws {
    var status = stat()
    if lstat(path, &status) == 0 { throw taken(status) }
    let number = errno
    let folder = FilePath.folder(of: path)
    guard number == ENOENT else {
      throw FileError(path: path, action: "write the file", errorNumber: number)
    }
    guard path.utf8.last != UInt8(ascii: "/") else {
      throw FileError(path: path, problem: "names a folder, not a file", cure: "name a file in it")
    }
    guard stat(folder, &status) == 0 else {
      throw FileError(
        path: path, problem: "cannot be written: there is no folder \(folder.oneLine)",
        cure: "make the folder, or name another \(option)")
    }
    guard access(folder, W_OK) == 0 else {
      throw FileError(path: path, action: "write the file", errorNumber: errno)
    }
  }

  /// Writes it whole; a file that has appeared meanwhile stays as it is, and is an error.
  public func write(_ data: Data) throws {
    try check()
    do {
      try AtomicFile.write(data, to: path, replaces: false)
    } catch let error as FileError {
      try check()
      throw error
    }
  }

  /// Writes a text as UTF-8.
  public func write(_ text: String) throws { try write(Data(text.utf8)) }

  private func taken(_ status: stat) -> FileError {
    if status.st_mode & S_IFMT == S_IFDIR {
      return FileError(
        path: path, problem: "is a folder, not a file",
        cure: "name a file in it by \(option)")
    }
    return FileError(
      path: path, problem: "is there already, and is not overwritten",
      cure: "name another \(option), or remove it")
  }
}
