/// What is sent back.
package struct Answer: Sendable {
  /// What comes behind the headers.
  package enum Body: Sendable {
    case none
    /// Bytes, or a part of them.
    case bytes(Bytes, from: Int, count: Int)
    /// What comes as it comes.
    case stream(Watcher)
  }

  /// The status.
  package var status: Int
  /// The headers, in order.
  package var headers: [(name: String, value: String)]
  /// The body.
  package var body: Body

  /// Describes an answer.
  package init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of a header.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// An answer in words.
  static func words(_ status: Int, _ text: String, headers: [(name: String, value: String)] = [])
    -> Answer
  {
    let bytes = Bytes(text + "\n")
    return Answer(
      status, headers: [("Content-Type", Content.Kind.text.rawValue)] + headers,
      body: .bytes(bytes, from: 0, count: bytes.count))
  }

  /// The way to another address.
  static func redirect(_ address: String, headers: [(name: String, value: String)] = []) -> Answer {
    Answer(303, headers: [("Location", address)] + headers)
  }

  /// A content as a request wants it: whole, a part of it, compressed, or only that it has not changed.
  static func content(_ content: Content, _ request: Request, caching: String) -> Answer {
    let common = [
      ("Cache-Control", caching), ("ETag", content.tag), ("Vary", "Accept-Encoding"),
      ("Accept-Ranges", "bytes"),
    ]
    let known = request.list("if-none-match").split(separator: ",")
      .map { $0.drop { $0 == " " || $0 == "\t" } }
      .map { $0.hasPrefix("W/") ? $0.dropFirst(2) : $0 }
    if known.contains(content.tag[...]) || known.contains("*") {
      return Answer(304, headers: common)
    }
    let headers = [("Content-Type", content.kind.rawValue)] + common
    let total = content.bytes.count
    let isFresh = request.header("if-range").map { $0 == content.tag } ?? true
    if request.has("range"), isFresh {
      switch ByteRange(request.header("range") ?? "", of: total) {
      case .part(let from, let count):
        let place = ("Content-Range", "bytes \(from)-\(from + count - 1)/\(total)")
        return Answer(
          206, headers: headers + [place], body: .bytes(content.bytes, from: from, count: count))
      case .unsatisfiable:
        return Answer(416, headers: common + [("Content-Range", "bytes */\(total)")])
      case .whole: break
      }
    }
    if request.takesGzip, let zipped = content.gzipped {
      return Answer(
        200, headers: headers + [("Content-Encoding", "gzip")],
        body: .bytes(zipped, from: 0, count: zipped.count))
    }
    return Answer(200, headers: headers, body: .bytes(content.bytes, from: 0, count: total))
  }
}
