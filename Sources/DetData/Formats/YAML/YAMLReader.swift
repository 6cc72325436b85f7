import DetBasics

/// Reads the part of YAML that data files of YOLO's tools are written in: mappings, sequences and scalars, as blocks by
/// indentation or in brackets, with quotes, comments and blocks of text.
///
/// Anything beyond that (anchors, tags, several documents, scalars over several lines) is refused with its line, never
/// guessed at. A library would be one more thing to install for some twenty lines that such a file has.
package struct YAMLReader {
  private struct Line {
    let number: Int
    let indent: Int
    /// Without indentation, comment and trailing blanks.
    let text: String
    /// As it stands, for blocks of text.
    let raw: String
  }

  private let place: String
  private var lines: [Line] = []
  private var next = 0
  private var depth = 0
  private static let deepest = 16

  /// The value of a text; `place` names the file in errors.
  package static func read(_ text: String, place: String) throws -> YAMLNode {
    var reader = try YAMLReader(text, place)
    guard let first = reader.lines.first else { return .map([], line: 1) }
    let node = try reader.block(indent: first.indent)
    if let rest = reader.current {
      throw reader.error(rest.number, "the indentation fits no line above")
    }
    return node
  }

  private init(_ text: String, _ place: String) throws {
    self.place = place
    let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, raw) in all.enumerated() {
      let body = raw.drop { $0 == " " }
      let number = index + 1
      let content = Self.withoutComment(String(body))
      if content.hasPrefix("\t") || (body.first == "\t" && !content.isEmpty) {
        throw error(number, "is indented by a tab")
      }
      if content == "---", lines.allSatisfy(\.text.isEmpty) { continue }
      if raw.hasPrefix("---") || raw.hasPrefix("%") || content == "..." {
        throw error(
          number, "\"\(content.prefix(20))\" begins or ends a document; there is one in a file")
      }
      lines.append(
        Line(number: number, indent: raw.count - body.count, text: content, raw: String(raw)))
    }
    // Empty lines matter only within blocks of text, which look ahead by `raw`.
    skipEmpty()
    lines.removeFirst(next)
    next = 0
  }

  /// A `#` at the beginning or after a blank begins a comment, unless it stands in quotes.
  private static func withoutComment(_ line: String) -> String {
    var quote: Character?
    var before: Character = " "
    var end = line.endIndex
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open, !(open == "\"" && before == "\\") { quote = nil }
      } else if character == "#", before == " " || before == "\t" {
        end = index
        break
      } else if character == "\"" || character == "'", " [{,:\t".contains(before) {
        quote = character
      }
      before = before == "\\" && character == "\\" ? " " : character
    }
    return String(line[..<end].trimmed)
  }

  private func error(_ line: Int, _ problem: String) -> DataError {
    DataError(
      place: "\(place):\(line)", problem: problem,
      cure: "write plain YAML: \"key: value\", \"- item\", [a, b] or {0: a, 1: b}")
  }

  // MARK: Blocks

  private var current: Line? { next < lines.count ? lines[next] : nil }

  private mutating func skipEmpty() {
    while let line = current, line.text.isEmpty { next += 1 }
  }

  private mutating func block(indent: Int) throws -> YAMLNode {
    depth += 1
    defer { depth -= 1 }
    guard let line = current, depth <= Self.deepest else {
      throw error(current?.number ?? lines.count, "is nested deeper than \(Self.deepest)")
    }
    if Self.isItem(line.text) { return try list(indent: indent) }
    if Self.keyEnd(line.text) != nil { return try map(indent: indent) }
    return try scalar(line)
  }

  /// A value that is no block: it is the line, with those that close its brackets.
  private mutating func scalar(_ line: Line) throws -> YAMLNode {
    next += 1
    let node = try value(line.text, line)
    skipEmpty()
    return node
  }

  private static func isItem(_ text: String) -> Bool { text == "-" || text.hasPrefix("- ") }

  private mutating func list(indent: Int) throws -> YAMLNode {
    let first = lines[next].number
    var items: [YAMLNode] = []
    while let line = current, line.indent == indent, Self.isItem(line.text) {
      let rest = line.text.dropFirst().drop { $0 == " " }
      let inner = indent + (line.text.count - rest.count)
      if rest.isEmpty {
        next += 1
        items.append(try below(indent, of: line))
      } else if Self.isItem(String(rest)) || Self.keyEnd(String(rest)) != nil {
        // The item is a block that begins behind its dash.
        lines[next] = Line(number: line.number, indent: inner, text: String(rest), raw: line.raw)
        items.append(try block(indent: inner))
      } else {
        next += 1
        items.append(try value(String(rest), line))
        skipEmpty()
      }
    }
    return .list(items, line: first)
  }

  private mutating func map(indent: Int) throws -> YAMLNode {
    let first = lines[next].number
    var entries: [YAMLNode.Entry] = []
    while let line = current, line.indent == indent {
      guard !Self.isItem(line.text), let end = Self.keyEnd(line.text) else {
        throw error(line.number, "\"\(line.text.prefix(40))\" is no \"key: value\"")
      }
      let key = try plainKey(String(line.text[..<end]), line.number)
      guard !entries.contains(where: { $0.key == key }) else {
        throw error(line.number, "the key \"\(key.prefix(40))\" stands twice")
      }
      let rest = String(line.text[line.text.index(after: end)...].trimmed)
      next += 1
      let node: YAMLNode
      if rest.isEmpty {
        node = try below(indent, of: line)
      } else if rest.hasPrefix("|") || rest.hasPrefix(">") {
        node = blockText(deeperThan: indent, line.number)
      } else {
        node = try value(rest, line)
      }
      skipEmpty()
      entries.append(.init(key: key, line: line.number, value: node))
    }
    return .map(entries, line: first)
  }

  /// What stands below a key or dash: a deeper block, a sequence at the same depth, or nothing.
  private mutating func below(_ indent: Int, of line: Line) throws -> YAMLNode {
    skipEmpty()
    guard let after = current else { return .text("", line: line.number) }
    if after.indent > indent { return try block(indent: after.indent) }
    if after.indent == indent, Self.isItem(after.text), !Self.isItem(line.text) {
      return try list(indent: indent)
    }
    return .text("", line: line.number)
  }

  private mutating func blockText(deeperThan indent: Int, _ number: Int) -> YAMLNode {
    var text: [String] = []
    while let line = current {
      let isBlank = line.raw.allSatisfy { $0 == " " || $0 == "\t" }
      guard isBlank || line.indent > indent else { break }
      text.append(String(line.raw.trimmed))
      next += 1
    }
    return .text(text.joined(separator: "\n"), line: number)
  }

  /// Where the colon behind a key stands; nil: the line has none.
  private static func keyEnd(_ text: String) -> String.Index? {
    var quote: Character?
    var index = text.startIndex
    if let first = text.first, "[{".contains(first) { return nil }
    while index < text.endIndex {
      let character = text[index]
      let after = text.index(after: index)
      if let open = quote {
        if character == open { quote = nil }
      } else if index == text.startIndex, character == "\"" || character == "'" {
        quote = character
      } else if character == ":", after == text.endIndex || text[after] == " " {
        return index
      }
      index = after
    }
    return nil
  }

  private func plainKey(_ text: String, _ number: Int) throws -> String {
    var flow = YAMLFlow(String(text.trimmed), line: number)
    guard case .success(.text(let key, _)) = flow.readWhole(), !key.isEmpty else {
      throw error(number, "\"\(text.prefix(40))\" is no key")
    }
    return key
  }

  /// A value on a line; brackets may close on a later one.
  private mutating func value(_ text: String, _ line: Line) throws -> YAMLNode {
    var whole = text
    var open = YAMLFlow.Open(text)
    while open.isOpen, let more = current {
      open.read(more.text)
      whole += " " + more.text
      next += 1
    }
    var flow = YAMLFlow(whole, line: line.number)
    switch flow.readWhole() {
    case .success(let node): return node
    case .failure(.unfinished): throw error(line.number, "a bracket or quote is not closed")
    case .failure(.wrong(let problem)): throw error(line.number, problem)
    }
  }
}
