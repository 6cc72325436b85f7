import Foundation

/// What the system knows of a file without reading it; links are followed.
package struct FileStatus: Sendable, Hashable {
  /// Tells files of one device apart, whatever they are called.
  package let number: Int
  /// Tells devices apart.
  package let device: Int
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
    number = Int(status.st_ino)
    device = Int(status.st_dev)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    changed = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
  }

  /// Whether both are one file.
  package func isSameFile(as other: FileStatus) -> Bool {
    number == other.number && device == other.device
  }
}
