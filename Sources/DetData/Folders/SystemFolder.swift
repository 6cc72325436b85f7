import DetBasics

/// Folders that are no data set whatever lies in them: the root of the file system, and those in which the kernel tells of
/// itself, which are endless.
enum SystemFolder {
  /// What speaks against looking through a folder; nil for folders of files.
  static func problem(with path: String) -> DataError? {
    guard let own = FileIdentity(path), let root = FileIdentity("/") else { return nil }
    let what: String
    if own == root {
      what = "the root of the file system"
    } else if own.device != root.device, kernelDevices.contains(own.device) {
      what = "a folder of the system"
    } else {
      return nil
    }
    return DataError(
      place: path, problem: "is \(what), and no folder of images",
      cure: "name the folder of the images", kind: .folderUnreadable)
  }

  private static let kernelDevices = Set(
    ["/proc", "/sys", "/dev"].compactMap { FileIdentity($0)?.device })
}
