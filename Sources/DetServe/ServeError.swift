import DetBasics

/// Why a page cannot be served.
package enum ServeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing can listen on an address.
  case cannotListen(address: String, port: Int, reason: String)
  /// A token that keeps nobody out, or that cannot stand in an address.
  case weakToken(variable: String)
  /// A name that no Host header can be.
  case notAHost(String)

  /// What, where, and what would be right.
  package var description: String {
    switch self {
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address.oneLine), port \(port): \(reason); choose another --port, or an --address of this machine in numbers, such as 127.0.0.1"
    case .weakToken(let variable):
      "\(variable) is no token: it needs 16 to 128 letters, digits, - or _"
    case .notAHost(let name):
      "\"\(name.oneLine)\" is no host: expected a name or address, with its port where a browser shows one, such as nas.example.org or 10.0.0.4:8640"
    }
  }
}
