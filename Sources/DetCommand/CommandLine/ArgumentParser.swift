/// Reads the words after a verb by its ``Syntax``.
///
/// `--name VALUE`, `--name=VALUE`, flags, words by position, in any order; after `--` every word stands for
/// itself. A value that starts with `--` is given as `--name=--value`.
struct ArgumentParser {
  private let syntax: Syntax
  private var values: [String: [any Sendable]] = [:]
  private var words: [String] = []

  static func parse(_ arguments: [String], _ syntax: Syntax) throws -> Arguments {
    var parser = ArgumentParser(syntax: syntax)
    try parser.readAll(arguments)
    try parser.placeWords()
    try parser.checkCounts()
    return Arguments(values: parser.values)
  }

  /// Whether help is asked for anywhere before `--`.
  static func asksForHelp(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  private init(syntax: Syntax) { self.syntax = syntax }

  private mutating func readAll(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        words += rest
        return
      }
      if Self.looksLikeOption(word) {
        try readOption(word, &rest)
      } else {
        words.append(word)
      }
    }
  }

  /// `-` alone is a word (standard input by custom), and so is a negative number.
  private static func looksLikeOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word != "-" && Double(word) == nil
  }

  private mutating func readOption(_ word: String, _ rest: inout ArraySlice<String>) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    guard let option = syntax.options.first(where: { $0.name == name }) else {
      throw UsageError.unknownOption(name, known: syntax.options.map(\.name))
    }
    if option.kind == .flag {
      if let attached { throw UsageError.unexpectedValue(flag: name, value: attached) }
      try add(name, to: option)
    } else if let attached {
      try add(attached, to: option)
    } else {
      guard let next = rest.first, !next.hasPrefix("--") else {
        throw UsageError.missingValue(option: name, placeholder: option.placeholder)
      }
      rest.removeFirst()
      try add(next, to: option)
    }
  }

  private mutating func placeWords() throws {
    var rest = words[...]
    for argument in syntax.arguments {
      var taken = 0
      while taken < argument.counts.upperBound, let word = rest.popFirst() {
        try add(word, to: argument)
        taken += 1
      }
    }
    if let surplus = rest.first { throw UsageError.surplusArgument(surplus) }
  }

  private mutating func add(_ word: String, to parameter: Declaration) throws {
    guard values[parameter.name, default: []].count < parameter.counts.upperBound else {
      throw UsageError.repeated(option: parameter.name)
    }
    do {
      values[parameter.name, default: []].append(try parameter.read(word))
    } catch {
      throw UsageError.badValue(name: parameter.name, value: word, problem: "\(error)")
    }
  }

  private func checkCounts() throws {
    for argument in syntax.arguments where (values[argument.name] ?? []).isEmpty {
      guard argument.counts.contains(0) else {
        throw UsageError.missingArgument(argument.name, help: argument.help)
      }
    }
    for option in syntax.options where (values[option.name] ?? []).isEmpty {
      guard option.counts.contains(0) else {
        throw UsageError.missingOption(option.name, placeholder: option.placeholder)
      }
    }
  }
}
