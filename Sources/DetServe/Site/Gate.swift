import Foundation

/// Who may look: requests that were meant for this server, from its own pages, by those who know its token.
package struct Gate: Sendable {
  /// What becomes of a request.
  enum Verdict {
    case enters
    /// It brought the token in its address, which a browser is to keep in a cookie from now on.
    case bringsToken
    case refused(Answer)
  }

  /// What a Host header may say. A browser that was lured here by another name says that name.
  let hosts: Set<String>
  /// What one must know; nil: nothing.
  let token: String?
  /// Where a browser keeps the token. Cookies belong to a host whatever its port, so that the port is in the name.
  let cookie: String

  /// Describes who may look at a server.
  ///
  /// - Parameters:
  ///   - address: what it listens on.
  ///   - port: the port.
  ///   - names: other hosts by which it is reached, such as a proxy's.
  ///   - token: what one must know.
  package init(address: String, port: Int, names: [String], token: String?) {
    let isLoopback = address == "::1" || address.hasPrefix("127.")
    let own = isLoopback ? ["localhost", "127.0.0.1", "[::1]"] : []
    let shown = address.contains(":") ? "[\(address)]" : address
    hosts = Set((own + [shown]).map { "\($0):\(port)" } + names.map { $0.lowercased() })
    self.token = token
    cookie = "smnas-\(port)"
  }

  /// Whether a word can be a token: nobody guesses it, and it may stand in an address and a cookie.
  package static func isToken(_ word: String) -> Bool {
    (16...128).contains(word.utf8.count)
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  /// Whether a word can be the host of a header.
  package static func isHost(_ word: String) -> Bool {
    (1...255).contains(word.utf8.count)
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }

  /// A token that nobody guesses.
  package static func newToken() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<32).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined()
  }

  func judge(_ request: Request, query: [String: String]) -> Verdict {
    guard let host = request.header("host")?.lowercased() else {
      return .refused(.words(400, "A request names its host, once."))
    }
    guard hosts.contains(host) else {
      return .refused(
        .words(
          421,
          "This server is not meant by that name. Where it is reached by another than its own, smnas serve wants to know it: --host NAME."
        ))
    }
    if request.has("origin") {
      let origin = request.header("origin")?.lowercased()
      guard origin == "http://\(host)" || origin == "https://\(host)" else {
        return .refused(.words(403, "Pages of others may not ask here."))
      }
    }
    guard let token else { return .enters }
    if let brought = query["token"], Self.isSame(brought, token) { return .bringsToken }
    let bearer = request.header("authorization").flatMap { value in
      value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
    }
    if [bearer, request.cookie(cookie)].contains(where: {
      $0.map { Self.isSame($0, token) } ?? false
    }) {
      return .enters
    }
    return .refused(
      .words(
        401, "This page wants the address that smnas serve has printed, with its token.",
        headers: [("WWW-Authenticate", "Bearer")]))
  }

  /// Compares without telling by the time it takes where the first difference is.
  private static func isSame(_ word: String, _ token: String) -> Bool {
    let (a, b) = (Array(word.utf8), Array(token.utf8))
    var difference = a.count ^ b.count
    for place in b.indices { difference |= Int(b[place] ^ (place < a.count ? a[place] : 0)) }
    return difference == 0
  }
}
