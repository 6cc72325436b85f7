import DetBasics
import Foundation

/// Folders that are no data set whatever lies in them: the root of the file system, and those in which the kernel tells of
/// itself, which are endless.
enum SystemFolder {
  /// What speaks against looking through a folder; nil for folders of files.
  static func problem(with path: String) -> DataError? {
    var own = stat()
    var root = stat()
    guard stat(path, &own) == 0, stat("/", &root) == 0 else { return nil }
    let what: String
    if own.st_dev == root.st_dev, own.st_ino == root.st_ino {
      what = "the root of the file system"
    } else if own.st_dev != root.st_dev, kernelDevices.contains(UInt64(own.st_dev)) {
      what = "a folder of the system"
    } else {
      return nil
    }
    return DataError(
      place: path, problem: "is \(what), and no folder of images",
      cure: "name the folder of the images", kind: .folderUnreadable)
  }

  private static let kernelDevices: Set<UInt64> = Set(
    ["/proc", "/sys", "/dev"].compactMap { path in
      var status = stat()
      return stat(path, &status) == 0 ? UInt64(status.st_dev) : nil
    })
}
