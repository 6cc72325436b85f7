import Foundation

/// A folder that this process writes files into, beside whatever of others lies there.
///
/// It is made where it is missing, and taken for as long as the value lives: a second process that wants it is refused. A
/// folder that was made for nothing, because the work failed before the first file, goes again.
public final class OutputFolder {
  /// Where it is.
  public let path: String
  /// The words that choose another place, for the cure: `--output`.
  public let option: String
  private let descriptor: Int32
  private let isOurs: Bool

  /// Makes and takes the folder.
  public init(_ path: String, option: String = "--output") throws {
    self.path = path
    self.option = option
    var status = stat()
    isOurs = lstat(path, &status) != 0
    try Files.makeFolder(path)
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the folder", errorNumber: errno)
    }
    // Where a file system knows no locks, the folder is taken all the same.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw FileError(
        path: path, problem: "is being written into by another process",
        cure: "wait for it, stop it, or choose another \(option)")
    }
    guard access(path, W_OK) == 0 else {
      let number = errno
      close(descriptor)
      throw FileError(path: path, action: "write into the folder", errorNumber: number)
    }
  }

  deinit {
    // Only an empty folder can be removed so.
    if isOurs { rmdir(path) }
    close(descriptor)
  }

  /// The path of a file in it.
  public func file(_ name: String) -> String { FilePath.join(path, name) }

  /// Removes what writes left here that were killed before they ended: nobody else writes here now.
  public func removeTemporaries() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where AtomicFile.isTemporary(name) { unlink(file(name)) }
  }

  /// Whether something in it has that name.
  public func holds(_ name: String) -> Bool {
    var status = stat()
    return lstat(file(name), &status) == 0
  }
}
