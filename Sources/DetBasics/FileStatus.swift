import Foundation

/// What the system knows of a file without reading it; links are followed.
package struct FileStatus: Sendable, Hashable {
  /// Which file it is, whatever it is called.
  package let identity: FileIdentity
  /// Bytes.
  package let size: Int
  /// When the content was changed last: seconds since 1970.
  package let seconds: Int
  /// The rest of that second.
  package let nanoseconds: Int
  /// When the content, or what the system knows of the file, was changed last, in nanoseconds since 1970: programs that
  /// give a copy its old time cannot set this one.
  package let changed: Int

  /// Asks for a file; nil when it is not there or cannot be seen.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    identity = FileIdentity(device: Int(status.st_dev), number: Int(status.st_ino))
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    changed = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
  }
}

/// Which file or folder a path leads to, links followed: two paths of one are equal in it.
package struct FileIdentity: Sendable, Hashable {
  /// Tells file systems apart.
  package let device: Int
  /// Tells files of one file system apart.
  package let number: Int

  fileprivate init(device: Int, number: Int) {
    self.device = device
    self.number = number
  }

  /// nil: there is nothing at the path.
  package init?(_ path: String) {
    guard let status = FileStatus(path) else { return nil }
    self = status.identity
  }
}
