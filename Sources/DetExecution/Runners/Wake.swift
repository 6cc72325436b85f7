import Foundation

/// A pipe through which the threads that wait for workers wake the coordinator.
///
/// Every such thread holds it, so that none of them ever writes to a pipe that nobody reads.
package final class Wake: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  init() throws { (readEnd, writeEnd) = try Spawn.pipe(readsWithoutBlocking: true) }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Wakes whoever polls the read end.
  func ring() {
    var byte: UInt8 = 1
    while write(writeEnd, &byte, 1) == -1, errno == EINTR {}
  }

  /// Takes the calls that have come in.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }
}
