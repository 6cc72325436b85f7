import DetBasics
import Foundation

/// A lock that a process holds on a file until it lets go or dies, however it dies.
package final class FileLock {
  private let descriptor: Int32

  /// Takes the lock at once or not at all; nil when another process holds it.
  ///
  /// - Throws: a `FileError` when the file holds something else than a lock of this program does: it is somebody's, and stays.
  package init?(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the lock", errorNumber: errno)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK else {
        throw FileError(path: path, action: "lock the file", errorNumber: number)
      }
      return nil
    }
    guard Self.isOne(path) else {
      close(descriptor)
      throw FileError(
        path: path, problem: "is no lock of this program, and would be written over",
        cure: "choose another folder, or move the file")
    }
    // Who holds it, for the message that others get.
    ftruncate(descriptor, 0)
    let holder = Array("\(getpid())\n".utf8)
    _ = pwrite(descriptor, holder, holder.count, 0)
  }

  deinit { close(descriptor) }

  /// Whether a file holds what a lock does: nothing, or the number of a process.
  package static func isOne(_ path: String) -> Bool {
    guard let status = FileStatus(path), status.size <= 16, let text = try? Files.text(path)
    else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "\n") }
  }

  /// Whether some process holds the lock now.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
    return false
  }

  /// The process that took the lock last; nil when it cannot be known.
  package static func holder(_ path: String) -> Int? {
    guard let text = try? Files.text(path) else { return nil }
    return Int(text.filter { $0 != "\n" })
  }
}
