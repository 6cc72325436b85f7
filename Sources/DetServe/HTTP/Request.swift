import Foundation

/// A request as it came.
package struct Request: Sendable {
  /// What may be done to an address.
  package enum Method: String, Sendable { case get = "GET", head = "HEAD" }

  /// The method's word.
  package let method: String
  /// Path and query as they were sent.
  package let target: String
  /// Whether a body comes with it.
  package let hasBody: Bool
  private let headers: [String: [String]]

  /// Describes a request.
  package init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    hasBody: Bool = false
  ) {
    self.method = method
    self.target = target
    self.hasBody = hasBody
    var byName: [String: [String]] = [:]
    for (name, value) in headers { byName[name.lowercased(), default: []].append(value) }
    self.headers = byName
  }

  /// The value of a header that stands there once; nil where it is missing, or where several contradict one another.
  func header(_ name: String) -> String? {
    guard let values = headers[name], let first = values.first,
      values.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  /// Whether a header was sent, however often.
  func has(_ name: String) -> Bool { headers[name] != nil }

  /// All values of a header that is a list, in one line.
  func list(_ name: String) -> String { (headers[name] ?? []).joined(separator: ",") }

  /// Whether the other side takes gzip.
  var takesGzip: Bool {
    list("accept-encoding").split(separator: ",").contains { each in
      let parts = each.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.first?.lowercased() == "gzip" else { return false }
      let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }?.dropFirst(2)
      return weight.map { Double($0) ?? 0 > 0 } ?? true
    }
  }

  /// The value of a cookie.
  func cookie(_ name: String) -> String? {
    for pair in headers["cookie", default: []].joined(separator: ";").split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
