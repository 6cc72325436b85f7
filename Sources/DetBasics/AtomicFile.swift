public import Foundation

/// Writing a file so that a reader, or a crash at any moment, sees the old content or the new, never half.
public enum AtomicFile {
  /// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder.
  public static func write(_ data: Data, to path: String) throws {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "write the file", errorNumber: errno)
    }
    do {
      try writeAll(data, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else {
        throw FileError(path: path, action: "write the file to disk", errorNumber: errno)
      }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let number = errno
      unlink(temporary)
      throw FileError(path: path, action: "replace the file", errorNumber: number)
    }
    syncFolder(of: path)
  }

  /// Writes a text as UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  static func writeAll(_ data: Data, to descriptor: Int32, path: String) throws {
    try data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(
          descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          throw FileError(path: path, action: "write the file", errorNumber: errno)
        }
        offset += written
      }
    }
  }

  private static func syncFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
