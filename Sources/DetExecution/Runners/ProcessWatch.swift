import Foundation

/// Waits for processes of this machine without asking them all the time, and takes them along when this one dies.
///
/// What it hands to a ``GuardedProcess``: the lifeline on which its guard waits, and the pipe through which its end is told.
package final class ProcessWatch {
  /// See ``GuardedProcess``.
  package var lifeline: Int32 { ends.read }
  /// See ``GuardedProcess``.
  package let wake: Wake
  private let ends: (read: Int32, write: Int32)

  /// Makes both pipes.
  package init() throws {
    ends = try Spawn.pipe()
    do {
      wake = try Wake()
    } catch {
      close(ends.read)
      close(ends.write)
      throw error
    }
  }

  deinit {
    close(ends.read)
    close(ends.write)
  }

  /// Waits until one of some pipes has something to read, a process has ended, or so many seconds have passed.
  package func wait(for outputs: [Int32], seconds: Double = ProcessWatch.tick) {
    var polled = ([wake.readEnd] + outputs).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&polled, nfds_t(polled.count), Int32((seconds * 1000).rounded(.up)))
    wake.clear()
  }

  /// Seconds after which it is looked whether to stop.
  package static let tick = 0.2
}
