import DetBasics
package import Foundation

/// Where a verb's results go: standard output, or a test's memory.
package struct Output: Sendable {
  /// The reader of a pipe has gone, as `head` does; there is nobody to tell.
  struct Closed: Error {}

  private let sink: @Sendable (Data) throws -> Void

  /// An output whose bytes go where `sink` puts them.
  package init(_ sink: @escaping @Sendable (Data) throws -> Void) { self.sink = sink }

  /// This process's standard output.
  package static let standardOutput = Output { data in
    try data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let left = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        let written = Foundation.write(STDOUT_FILENO, left.baseAddress, left.count)
        if written < 0 {
          if errno == EINTR { continue }
          if errno == EPIPE { throw Closed() }
          throw FileError(path: "standard output", action: "write", errorNumber: errno)
        }
        offset += written
      }
    }
  }

  /// Writes one line.
  package func line(_ text: String = "") throws { try sink(Data((text + "\n").utf8)) }

  /// Writes bytes as they are.
  package func bytes(_ data: Data) throws { try sink(data) }

  /// Writes a value as JSON over several lines, keys sorted.
  package func json(_ value: some Encodable) throws { try line(JSON.text(value, pretty: true)) }

  /// Writes a value as JSON on one line, for lists and streams.
  package func jsonLine(_ value: some Encodable) throws { try line(JSON.text(value)) }
}
