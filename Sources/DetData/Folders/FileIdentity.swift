import Foundation

/// Which file or folder a path leads to, links followed: two paths of one are equal in it.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let number: UInt64

  /// nil: there is nothing at the path.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
