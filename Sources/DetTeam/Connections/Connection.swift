import DetBasics
import Foundation

/// A TCP connection whose every wait has an end. Closed when nobody holds it any more.
///
/// One thread reads and one writes at a time; any thread may shut it down.
final class Connection: Sendable {
  let descriptor: Int32

  /// Takes over a connected socket.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, size)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Connects to a port of a machine; all its addresses are tried.
  static func open(_ host: String, _ port: Int, _ deadline: Deadline) throws -> Connection {
    var fault = ConnectionFault.system(EHOSTUNREACH)
    let addresses = try SocketAddress.all(of: host, port: port)
    for address in addresses {
      let descriptor = address.socket()
      guard descriptor >= 0 else {
        fault = .system(errno)
        continue
      }
      let connection = Connection(descriptor)
      do {
        try connection.connect(to: address, deadline)
        return connection
      } catch let error as ConnectionFault {
        fault = error
      }
    }
    throw fault
  }

  private func connect(to address: SocketAddress, _ deadline: Deadline) throws {
    if address.withPointer({ Foundation.connect(descriptor, $0, $1) }) == 0 { return }
    guard errno == EINPROGRESS else { throw ConnectionFault.system(errno) }
    try wait(for: POLLOUT, deadline)
    var number: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
    guard number == 0 else { throw ConnectionFault.system(number) }
  }

  /// Ends the connection for both sides; whoever waits on it wakes.
  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: - Bytes

  func send(_ bytes: [UInt8], _ deadline: Deadline) throws {
    var sent = 0
    while sent < bytes.count {
      sent += try bytes.withUnsafeBytes { try sendSome(.init(rebasing: $0[sent...])) }
      if sent < bytes.count { try wait(for: POLLOUT, deadline) }
    }
  }

  func receive(_ count: Int, _ deadline: Deadline) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      received += try bytes.withUnsafeMutableBytes {
        try receiveSome(.init(rebasing: $0[received...]))
      }
      if received < count { try wait(for: POLLIN, deadline) }
    }
    return bytes
  }

  /// Sends what can be sent without waiting and says how much that was.
  func sendSome(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    let count = Foundation.send(
      descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw errno == EPIPE || errno == ECONNRESET ? ConnectionFault.closed : .system(errno)
  }

  /// Takes what has arrived, without waiting, and says how much that was.
  func receiveSome(_ bytes: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
    if count > 0 { return count }
    if count == 0 { throw ConnectionFault.closed }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw errno == ECONNRESET ? ConnectionFault.closed : ConnectionFault.system(errno)
  }

  private func wait(for event: Int32, _ deadline: Deadline) throws {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while !deadline.isOver {
      let found = poll(&entry, 1, deadline.milliseconds())
      if found > 0 { return }
      if found < 0, errno != EINTR { throw ConnectionFault.system(errno) }
    }
    throw ConnectionFault.late
  }
}
