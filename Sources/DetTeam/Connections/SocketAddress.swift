import Foundation

/// One address of a machine, with a port.
struct SocketAddress: @unchecked Sendable {
  private let storage: sockaddr_storage
  private let size: socklen_t
  private let family: Int32

  /// The addresses of a machine by name or number, in the system's order; nil for those to listen at on all its networks.
  static func all(of host: String?, port: Int) throws -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = host == nil ? AI_PASSIVE : 0
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, "\(port)", &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard code == 0 else { throw NameFault(words: String(cString: gai_strerror(code))) }
    var found: [SocketAddress] = []
    var entry = list
    while let info = entry?.pointee {
      var storage = sockaddr_storage()
      memcpy(&storage, info.ai_addr, Int(info.ai_addrlen))
      found.append(SocketAddress(storage: storage, size: info.ai_addrlen, family: info.ai_family))
      entry = info.ai_next
    }
    return found
  }

  /// A name that no machine has.
  struct NameFault: Error, CustomStringConvertible {
    let words: String
    var description: String { words }
  }

  /// The address of one end of a connected or listening socket.
  init?(of descriptor: Int32, peer: Bool) {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        peer
          ? getpeername(descriptor, $0.baseAddress, &size)
          : getsockname(descriptor, $0.baseAddress, &size)
      }
    }
    guard code == 0 else { return nil }
    self.init(storage: storage, size: size, family: Int32(storage.ss_family))
  }

  private init(storage: sockaddr_storage, size: socklen_t, family: Int32) {
    self.storage = storage
    self.size = size
    self.family = family
  }

  /// A new socket of the address's kind.
  func socket() -> Int32 { Foundation.socket(family, Int32(SOCK_STREAM.rawValue), 0) }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }

  /// The machine's number in digits and the port.
  var words: (host: String, port: Int) {
    var host = [CChar](repeating: 0, count: 128)
    var port = [CChar](repeating: 0, count: 32)
    _ = withPointer {
      getnameinfo(
        $0, $1, &host, socklen_t(host.count), &port, socklen_t(port.count),
        NI_NUMERICHOST | NI_NUMERICSERV)
    }
    func text(_ characters: [CChar]) -> String {
      String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return (text(host), Int(text(port)) ?? 0)
  }
}
