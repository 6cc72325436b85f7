import DetBasics
import Foundation

/// Lets the processes of one machine take turns: many may compute at a time, or one may measure.
///
/// Latency means something only while nothing else of the run computes. Every worker holds the lock shared for
/// the length of one training step or one evaluated image; a worker that measures takes it alone. A second lock,
/// the turnstile, is held by the worker that waits to measure, and all others have to pass it, so that a stream
/// of short steps cannot starve it. Both are `flock`s: the kernel releases them when a process dies.
public final class ComputeGate {
  private let lock: Int32
  private let turnstile: Int32

  /// Opens the two lock files, `path` and `path.turnstile`, making them when they are missing.
  public init(path: String) throws {
    lock = try Self.open(path)
    do {
      turnstile = try Self.open(path + ".turnstile")
    } catch {
      close(lock)
      throw error
    }
  }

  deinit {
    close(lock)
    close(turnstile)
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open the lock file", errorNumber: errno)
    }
    return descriptor
  }

  /// Runs `body` while nobody measures.
  public func sharing<Result>(_ body: () throws -> Result) rethrows -> Result {
    acquire(turnstile, LOCK_SH)
    acquire(lock, LOCK_SH)
    release(turnstile)
    defer { release(lock) }
    return try body()
  }

  /// Runs `body` while nobody else computes or measures.
  public func alone<Result>(_ body: () throws -> Result) rethrows -> Result {
    acquire(turnstile, LOCK_EX)
    acquire(lock, LOCK_EX)
    defer {
      release(lock)
      release(turnstile)
    }
    return try body()
  }

  private func acquire(_ descriptor: Int32, _ mode: Int32) {
    while flock(descriptor, mode) != 0 {
      precondition(errno == EINTR, "flock failed: \(String(cString: strerror(errno)))")
    }
  }

  private func release(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
  }
}

extension Optional where Wrapped == ComputeGate {
  /// Runs `body` while nobody measures, or at once where there is no gate.
  func sharing<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let gate = self else { return try body() }
    return try gate.sharing(body)
  }

  /// Runs `body` alone, or at once where there is no gate.
  func alone<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let gate = self else { return try body() }
    return try gate.alone(body)
  }
}
