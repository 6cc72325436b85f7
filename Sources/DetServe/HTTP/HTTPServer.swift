import CHTTP
import DetBasics
import Foundation

/// Listens on an address and answers requests.
///
/// `@unchecked Sendable`: what changes is only `server`, under `lock`.
package final class HTTPServer: @unchecked Sendable {
  private let answer: @Sendable (Request) -> Answer
  private let lock = NSLock()
  private var server: OpaquePointer?
  /// The port that is listened on.
  package private(set) var port = 0

  private static let threads: UInt32 = 2
  private static let mostConnections: UInt32 = 1024

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - address: an IPv4 or IPv6 address in numbers.
  ///   - port: the port; 0 for any that is free.
  ///   - answer: called on threads of the server.
  /// - Throws: a ``ServeError`` when nothing can listen there.
  package init(
    address: String, port: Int, answer: @escaping @Sendable (Request) -> Answer
  ) throws {
    self.answer = answer
    var problem = [CChar](repeating: 0, count: 300)
    let started = chttp_start(
      address, UInt16(port), Self.threads, Self.mostConnections,
      { context, request in
        guard let context, let request else { return }
        Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue().handle(request)
      }, Unmanaged.passUnretained(self).toOpaque(), &problem, problem.count)
    guard let started else {
      let end = problem.firstIndex(of: 0) ?? problem.count
      let words = String(decoding: problem[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw ServeError.cannotListen(address: address, port: port, reason: words)
    }
    server = started
    self.port = Int(chttp_port(started))
  }

  deinit { stop() }

  /// Closes all connections. Nothing is answered any more when it returns.
  package func stop() {
    let running = lock.withLock {
      defer { server = nil }
      return server
    }
    if let running { chttp_stop(running) }
  }

  private func handle(_ raw: OpaquePointer) {
    var headers: [(name: String, value: String)] = []
    withUnsafeMutablePointer(to: &headers) { list in
      chttp_headers(
        raw,
        { context, name, value in
          guard let name, let value else { return }
          context?.assumingMemoryBound(to: [(name: String, value: String)].self).pointee
            .append((String(cString: name), String(cString: value)))
        }, list)
    }
    let request = Request(
      method: String(cString: chttp_method(raw)), target: String(cString: chttp_target(raw)),
      headers: headers, hasBody: chttp_has_body(raw))
    send(answer(request), to: raw)
  }

  private func send(_ answer: Answer, to raw: OpaquePointer) {
    for (name, value) in answer.headers where !chttp_set_header(raw, name, value) {
      preconditionFailure("a header that may not be sent: \(name)")
    }
    let status = UInt32(answer.status)
    switch answer.body {
    case .none: chttp_reply_bytes(raw, status, nil, 0, nil, { _ in })
    case .bytes(let bytes, let from, let count):
      chttp_reply_bytes(
        raw, status, bytes.start + from, count, Unmanaged.passRetained(bytes).toOpaque()
      ) { owner in
        if let owner { Unmanaged<Bytes>.fromOpaque(owner).release() }
      }
    case .stream(let watcher):
      let stream = chttp_reply_stream(
        raw, status,
        { owner, buffer, capacity in
          guard let owner else { return -1 }
          let space = UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
          return Unmanaged<Watcher>.fromOpaque(owner).takeUnretainedValue().read(space)
        }, Unmanaged.passRetained(watcher).toOpaque()
      ) { owner in
        guard let owner else { return }
        let watcher = Unmanaged<Watcher>.fromOpaque(owner)
        watcher.takeUnretainedValue().end()
        watcher.release()
      }
      if let stream { watcher.attach(stream) }
    }
  }
}
