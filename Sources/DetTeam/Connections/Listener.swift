import Foundation

/// A port at which connections arrive.
final class Listener: Sendable {
  private let descriptor: Int32
  /// Its number, also where the system chose it.
  let port: Int

  /// Listens at a port, 0 for any that is free: at one address of the machine, or on all its networks.
  init(port: Int, at host: String?) throws {
    var problem = EADDRNOTAVAIL
    for address in try SocketAddress.all(of: host, port: port) {
      let descriptor = address.socket()
      guard descriptor >= 0 else { continue }
      var on: Int32 = 1
      setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      if address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1024) == 0,
        let own = SocketAddress(of: descriptor, peer: false)
      {
        self.descriptor = descriptor
        self.port = own.words.port
        return
      }
      problem = errno
      close(descriptor)
    }
    throw ConnectionFault.system(problem)
  }

  deinit { close(descriptor) }

  /// The next connection; nil when none comes in time.
  func accept(_ deadline: Deadline) throws -> Connection? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !deadline.isOver {
      let found = poll(&entry, 1, deadline.milliseconds())
      if found < 0, errno != EINTR { throw ConnectionFault.system(errno) }
      guard found > 0 else { continue }
      let arrived = Foundation.accept(descriptor, nil, nil)
      if arrived >= 0 { return Connection(arrived) }
    }
    return nil
  }
}
