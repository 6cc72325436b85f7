/// Reads a value that stands on one line: a scalar, or a list or mapping in brackets.
struct YAMLFlow {
  enum Problem: Error, Equatable {
    /// A bracket or quote is still open at the end.
    case unfinished
    case wrong(String)
  }

  /// Whether brackets are still open behind a text that begins with one.
  struct Open {
    private var depth = 0
    private var quote: Character?
    private let isFlow: Bool
    private var before: Character = " "

    init(_ text: String) {
      isFlow = text.first.map { "[{\"'".contains($0) } ?? false
      read(text)
    }

    var isOpen: Bool { isFlow && (depth > 0 || quote != nil) }

    mutating func read(_ text: String) {
      guard isFlow else { return }
      for character in text + " " {
        if let open = quote {
          if character == open, !(open == "\"" && before == "\\") { quote = nil }
        } else if character == "\"" || character == "'", " [{,:".contains(before) {
          quote = character
        } else if "[{".contains(character) {
          depth += 1
        } else if "]}".contains(character) {
          depth -= 1
        }
        before = before == "\\" && character == "\\" ? " " : character
      }
    }
  }

  private let characters: [Character]
  private let line: Int
  private var place = 0
  private var depth = 0
  private static let deepest = 16

  init(_ text: String, line: Int) {
    characters = Array(text)
    self.line = line
  }

  /// The value, when it is all there is.
  mutating func readWhole() -> Result<YAMLNode, Problem> {
    do throws(Problem) {
      let node = try value(endingAt: [])
      skipBlanks()
      guard place == characters.count else {
        throw .wrong("\"\(String(characters[place...].prefix(20)))\" follows a whole value")
      }
      return .success(node)
    } catch {
      return .failure(error)
    }
  }

  private var now: Character? { place < characters.count ? characters[place] : nil }

  private mutating func skipBlanks() {
    while let character = now, character == " " || character == "\t" { place += 1 }
  }

  private mutating func value(endingAt ends: Set<Character>) throws(Problem) -> YAMLNode {
    skipBlanks()
    guard depth <= Self.deepest else { throw .wrong("is nested deeper than \(Self.deepest)") }
    switch now {
    case "[": return try list()
    case "{": return try map()
    case "\"", "'": return .text(try quoted(), line: line)
    case "&", "*", "!", "|", ">", "%", "@", "`":
      throw .wrong("begins with \"\(now ?? " ")\": anchors, tags and the like are not read")
    default: return .text(try plain(endingAt: ends), line: line)
    }
  }

  private mutating func plain(endingAt ends: Set<Character>) throws(Problem) -> String {
    let start = place
    while let character = now, !ends.contains(character) {
      if !ends.isEmpty, character == ":" {
        let after = place + 1 < characters.count ? characters[place + 1] : " "
        if after == " " || ends.contains(after) { break }
      }
      if ends.isEmpty, character == ":",
        place + 1 == characters.count || characters[place + 1] == " "
      {
        throw .wrong("a value holds \": \"; put it into quotes")
      }
      if !ends.isEmpty, "[]{}".contains(character) {
        throw .wrong("a bracket stands within a value")
      }
      place += 1
    }
    var text = characters[start..<place]
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }

  private mutating func list() throws(Problem) -> YAMLNode {
    place += 1
    depth += 1
    defer { depth -= 1 }
    var items: [YAMLNode] = []
    while true {
      skipBlanks()
      guard let character = now else { throw .unfinished }
      if character == "]" { break }
      items.append(try value(endingAt: [",", "]"]))
      try takeComma(before: "]", orSay: "a list has something between its values that is no comma")
    }
    place += 1
    return .list(items, line: line)
  }

  private mutating func map() throws(Problem) -> YAMLNode {
    place += 1
    depth += 1
    defer { depth -= 1 }
    var entries: [YAMLNode.Entry] = []
    while true {
      skipBlanks()
      guard let character = now else { throw .unfinished }
      if character == "}" { break }
      guard case .text(let key, _) = try value(endingAt: [",", "}"]) else {
        throw .wrong("a key is a list or mapping")
      }
      skipBlanks()
      guard now != nil else { throw .unfinished }
      guard now == ":", !key.isEmpty, !entries.contains(where: { $0.key == key }) else {
        throw .wrong("\"\(key.prefix(40))\" is no key, or one that stands twice")
      }
      place += 1
      let node = try value(endingAt: [",", "}"])
      entries.append(.init(key: key, line: line, value: node))
      try takeComma(
        before: "}", orSay: "a mapping has something between its entries that is no comma")
    }
    place += 1
    return .map(entries, line: line)
  }

  /// Steps over the comma between two items; before the end there may be none.
  private mutating func takeComma(
    before end: Character, orSay problem: String
  ) throws(Problem) {
    skipBlanks()
    guard let character = now else { throw .unfinished }
    if character == "," {
      place += 1
    } else if character != end {
      throw .wrong(problem)
    }
  }

  private mutating func quoted() throws(Problem) -> String {
    let quote = characters[place]
    place += 1
    var text = ""
    while let character = now {
      place += 1
      if character == quote {
        guard quote == "'", now == "'" else { return text }
        place += 1
        text.append("'")
      } else if quote == "\"", character == "\\" {
        text.append(try escaped())
      } else {
        text.append(character)
      }
    }
    throw .unfinished
  }

  private static let escapes: [Character: Character] = [
    "\"": "\"", "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r", "0": "\0", " ": " ",
  ]
  private static let digits: [Character: Int] = ["x": 2, "u": 4, "U": 8]

  private mutating func escaped() throws(Problem) -> Character {
    guard let character = now else { throw .unfinished }
    place += 1
    if let simple = Self.escapes[character] { return simple }
    guard let count = Self.digits[character] else { throw .wrong("\\\(character) is no escape") }
    let end = min(place + count, characters.count)
    let number = UInt32(String(characters[place..<end]), radix: 16)
    guard end == place + count, let scalar = number.flatMap(Unicode.Scalar.init) else {
      throw .wrong("\\\(character) is not followed by \(count) digits of a character")
    }
    place = end
    return Character(scalar)
  }
}
