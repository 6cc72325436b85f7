import DetBasics
package import Foundation

/// Texts made safe for the places of an HTML page they are put in.
package enum Markup {
  /// A text as content or attribute value; characters that no page may hold become spaces.
  package static func text(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A value as JSON inside a script element: nothing in it can end the element or open a comment.
  package static func island(_ value: some Encodable) throws -> String {
    let json = try JSON.text(value)
    guard json.utf8.contains(where: { isSpecial[Int($0)] }) else { return json }
    var result = ""
    result.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      // Each stands only inside JSON strings, where the escape means the same.
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        result += "\\u" + String(scalar.value, radix: 16).paddedWithZeros(to: 4)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The bytes with which the characters begin that an island may not hold.
  private static let isSpecial: [Bool] = (0..<256).map { byte in
    [0x3C, 0x3E, 0x26, 0x7F].contains(byte) || byte >= 0xC2
  }

  /// A library's program text inside a script element.
  package static func script(_ text: String) -> String {
    // Plotly has megabytes of it: each "<" is looked at once.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 64)
    var rest = Substring(text).utf8[...]
    while let place = rest.firstIndex(of: UInt8(ascii: "<")) {
      let behind = rest.index(after: place)
      bytes.append(contentsOf: rest[..<behind])
      rest = rest[behind...]
      if rest.starts(with: "/script".utf8) || rest.starts(with: "!--".utf8) {
        bytes.append(UInt8(ascii: "\\"))
      }
    }
    bytes.append(contentsOf: rest)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// An image that travels in the page.
  package static func image(_ png: Data, alternative: String) -> String {
    let source = "data:image/png;base64,\(png.base64EncodedString())"
    return "<img src=\"\(source)\" alt=\"\(text(alternative))\" loading=\"lazy\"/>"
  }

  /// The page's icon: the steps of a front.
  package static let icon =
    "<link rel=\"icon\" href=\"data:image/png;base64,"
    + "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAVklEQVR42mN49/nP/4HEDKMOGPYOkI+/gBePOoAuDhjwNDDqAJo6"
    + "gFAiG3UAzUtCYiwZdcDQdgClqXz4O4DmDRJqWDLqgMHtAFqn8qHvgNGOyagDaI0Bvyu/JSPWYdsAAAAASUVORK5CYII="
    + "\"/>"

  /// An image that the page asks for.
  package static func image(at address: String, alternative: String) -> String {
    "<img src=\"\(text(address))\" alt=\"\(text(alternative))\" loading=\"lazy\"/>"
  }

  /// A table cell that sorts by `key` when it is a number of its own.
  package static func cell(_ content: String, key: Double? = nil, kind: String = "") -> String {
    let sortKey = key.map { " data-key=\"\($0)\"" } ?? ""
    let className = kind.isEmpty ? "" : " class=\"\(kind)\""
    return "<td\(className)\(sortKey)>\(content)</td>"
  }
}
