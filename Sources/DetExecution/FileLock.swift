import Foundation

/// Keeps a second process from using a folder: a lock that the kernel frees when this process ends.
public final class FileLock {
  private let descriptor: Int32

  /// Takes the lock, or gives nil when another process holds it.
  public init?(path: String) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }
}
