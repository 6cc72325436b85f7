import DetBasics

/// Why a page cannot be served.
package enum ServeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing can listen on an address.
  case cannotListen(address: String, port: Int, reason: String)
  /// A token that keeps nobody out, or that cannot stand in an address.
  case weakToken(variable: String)

  /// What, where, and what would be right.
  package var description: String {
    switch self {
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address.oneLine), port \(port): \(reason); choose another --port, or an --address of this machine in numbers, such as 127.0.0.1"
    case .weakToken(let variable):
      "\(variable) is no token: it needs 16 to 128 letters, digits, - or _"
    }
  }
}
