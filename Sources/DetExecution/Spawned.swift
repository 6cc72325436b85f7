import Foundation

/// A child process under way: its number, the pipe from its output, the lifeline that holds it.
struct Spawned {
  let pid: pid_t
  private var output: Int32
  private let lifeline: Int32

  init(pid: pid_t, output: Int32, lifeline: Int32) {
    self.pid = pid
    self.output = output
    self.lifeline = lifeline
  }

  /// Waits up to so many milliseconds for output and hands it on; false once the pipe is closed.
  mutating func read(waiting milliseconds: Int32, _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
    guard output >= 0 else { return false }
    var waiter = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&waiter, 1, milliseconds) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(output, &buffer, buffer.count)
    if count > 0 {
      body(buffer[..<count])
      return true
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return true }
    Foundation.close(output)
    output = -1
    return false
  }

  /// Hands on what is left in the pipe without waiting for more.
  mutating func drain(_ body: (ArraySlice<UInt8>) -> Void) {
    while output >= 0 {
      var waiter = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&waiter, 1, 0) > 0, read(waiting: 0, body) else { return }
    }
  }

  /// How the process ended; nil while it goes on. With `waiting`, rests a moment before it answers nil: the
  /// pipe no longer does.
  func status(waiting: Bool) -> ChildProcess.Exit? {
    var status: Int32 = 0
    let ended = waitpid(pid, &status, WNOHANG)
    if ended == 0 {
      if waiting { usleep(10_000) }
      return nil
    }
    guard ended == pid else { return errno == EINTR ? nil : .exited(code: 255) }
    let signal = status & 0x7F
    return signal == 0 ? .exited(code: Int((status >> 8) & 0xFF)) : .signalled(Int(signal))
  }

  mutating func close() {
    if output >= 0 { Foundation.close(output) }
    output = -1
    Foundation.close(lifeline)
  }
}

/// Cuts a stream of bytes into lines.
struct LineBuffer {
  private var rest: [UInt8] = []
  /// A line longer than this is handed on in parts, so that a program without newlines fills no memory.
  private static let longest = 16 << 20

  mutating func append(_ bytes: ArraySlice<UInt8>, _ onLine: (String) -> Void) {
    rest.append(contentsOf: bytes)
    var start = 0
    while let end = rest[start...].firstIndex(of: 10) {
      onLine(String(decoding: rest[start..<end], as: UTF8.self))
      start = end + 1
    }
    rest.removeFirst(start)
    if rest.count > Self.longest { finish(onLine) }
  }

  mutating func finish(_ onLine: (String) -> Void) {
    guard !rest.isEmpty else { return }
    onLine(String(decoding: rest, as: UTF8.self))
    rest = []
  }
}
