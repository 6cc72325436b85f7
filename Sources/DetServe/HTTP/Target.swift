/// Path and query of a request, taken apart: only what is well-formed.
struct Target: Equatable {
  /// The parts of the path between slashes, without escapes; the last is empty where the path ends in a slash.
  let path: [String]
  /// The query by name; of one that is there twice the first.
  let query: [String: String]

  /// Reads `/a/b?c=d`; nil for anything else: no absolute address, nothing that is not UTF-8, no control characters.
  init?(_ text: String) {
    guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 4096 else { return nil }
    let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for part in halves[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let plain = Self.unescaped(part) else { return nil }
      path.append(plain)
    }
    var query: [String: String] = [:]
    for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.unescaped(sides[0]),
        let value = sides.count > 1 ? Self.unescaped(sides[1], plus: " ") : ""
      else { return nil }
      if query[name] == nil { query[name] = value }
    }
    (self.path, self.query) = (path, query)
  }

  private static func unescaped(_ text: Substring, plus: Character = "+") -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte == UInt8(ascii: "+") ? plus.asciiValue ?? byte : byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
      else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
